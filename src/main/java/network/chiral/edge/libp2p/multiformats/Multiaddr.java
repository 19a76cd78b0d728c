// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.multiformats;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A self-describing network address such as `/ip4/192.0.2.1/tcp/4001/p2p/12D3...`.
///
/// Immutable, compared by its bytes. Peer ids inside are checked for their multihash form only.
public final class Multiaddr {
    /// More than any real address; a signed record of 4 KiB holds several.
    public static final int MAX_LENGTH = 1024;

    private static final int MAX_PARTS = 32;

    /// One protocol with its value, in bytes as they stand in the address.
    ///
    /// @param protocol what kind of part this is
    /// @param value the value's bytes, without a length prefix; empty for parts such as `/ws`
    public record Part(MultiaddrProtocol protocol, byte[] value) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Part(var p, var v) && p == protocol && Arrays.equals(v, value);
        }

        @Override
        public int hashCode() {
            return 31 * protocol.hashCode() + Arrays.hashCode(value);
        }

        /// The value in text, empty for a part without one.
        public String text() {
            return MultiaddrText.valueOf(this);
        }
    }

    private final byte[] bytes;
    private final List<Part> parts;

    private Multiaddr(List<Part> parts) {
        this.parts = List.copyOf(parts);
        this.bytes = spell(this.parts);
    }

    /// Reads the text form.
    ///
    /// @throws IllegalArgumentException with a sentence that names the fault
    public static Multiaddr parse(String text) {
        if (!text.startsWith("/") || text.length() > 2 * MAX_LENGTH) {
            throw new IllegalArgumentException("'" + abbreviated(text) + "' is no multiaddr");
        }
        var words = text.substring(1).split("/", -1);
        int end =
                words.length > 1 && words[words.length - 1].isEmpty()
                        ? words.length - 1
                        : words.length;
        var parts = new ArrayList<Part>();
        for (int i = 0; i < end; ) {
            var name = words[i++];
            var protocol =
                    MultiaddrProtocol.ofName(name)
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            "unknown protocol '"
                                                    + abbreviated(name)
                                                    + "' in '"
                                                    + abbreviated(text)
                                                    + "'"));
            if (protocol.value == MultiaddrProtocol.Value.NONE) {
                parts.add(new Part(protocol, new byte[0]));
            } else if (i < end) {
                parts.add(new Part(protocol, MultiaddrText.parse(protocol, words[i++])));
            } else {
                throw new IllegalArgumentException(
                        "/" + name + " lacks its value in '" + abbreviated(text) + "'");
            }
        }
        return checked(parts);
    }

    /// Reads the byte form.
    ///
    /// @throws IllegalArgumentException for an unknown protocol, a cut value or an over-long address
    public static Multiaddr ofBytes(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > MAX_LENGTH) {
            throw new IllegalArgumentException("a multiaddr of " + bytes.length + " bytes");
        }
        var in = ByteBuffer.wrap(bytes);
        var parts = new ArrayList<Part>();
        while (in.hasRemaining()) {
            long code = varint(in);
            var protocol =
                    MultiaddrProtocol.ofCode(code)
                            .orElseThrow(() ->
                                    new IllegalArgumentException(
                                            "unknown multiaddr protocol " + code));
            long length = protocol.value.length >= 0 ? protocol.value.length : varint(in);
            if (length > in.remaining()) {
                throw new IllegalArgumentException("a multiaddr ends inside /" + protocol.text);
            }
            var value = new byte[(int) length];
            in.get(value);
            MultiaddrText.check(protocol, value);
            parts.add(new Part(protocol, value));
        }
        return checked(parts);
    }

    /// Puts an address together from parts.
    ///
    /// @throws IllegalArgumentException for none or too many
    public static Multiaddr of(List<Part> parts) {
        return checked(parts);
    }

    /// The address of a TCP socket.
    public static Multiaddr ofTcp(InetSocketAddress socket) {
        var ip = socket.getAddress().getAddress();
        var protocol = ip.length == 4 ? MultiaddrProtocol.IP4 : MultiaddrProtocol.IP6;
        int port = socket.getPort();
        return new Multiaddr(
                List.of(
                        new Part(protocol, ip),
                        new Part(
                                MultiaddrProtocol.TCP,
                                new byte[] {(byte) (port >> 8), (byte) port})));
    }

    private static Multiaddr checked(List<Part> parts) {
        if (parts.isEmpty() || parts.size() > MAX_PARTS) {
            throw new IllegalArgumentException("a multiaddr of " + parts.size() + " parts");
        }
        var address = new Multiaddr(parts);
        if (address.bytes.length > MAX_LENGTH) {
            throw new IllegalArgumentException("a multiaddr of " + address.bytes.length + " bytes");
        }
        return address;
    }

    /// The byte form; a copy.
    public byte[] bytes() {
        return bytes.clone();
    }

    public List<Part> parts() {
        return parts;
    }

    public boolean has(MultiaddrProtocol protocol) {
        for (var part : parts) {
            if (part.protocol() == protocol) {
                return true;
            }
        }
        return false;
    }

    /// True where the address leads through a relay.
    public boolean isCircuit() {
        return has(MultiaddrProtocol.P2P_CIRCUIT);
    }

    /// The multihash of the last `/p2p` part, which names whom the address leads to.
    public Optional<byte[]> peer() {
        var last = parts.getLast();
        return last.protocol() == MultiaddrProtocol.P2P
                ? Optional.of(last.value().clone())
                : Optional.empty();
    }

    /// This address with `/p2p/<peer>` at the end, or itself where it ends so already.
    ///
    /// @param peer a peer id's multihash
    public Multiaddr withPeer(byte[] peer) {
        if (peer().isPresent()) {
            return this;
        }
        return with(new Part(MultiaddrProtocol.P2P, peer.clone()));
    }

    /// This address without a `/p2p` part at its end; empty where nothing else was in it.
    public Optional<Multiaddr> withoutPeer() {
        if (peer().isEmpty()) {
            return Optional.of(this);
        }
        return parts.size() == 1
                ? Optional.empty()
                : Optional.of(new Multiaddr(parts.subList(0, parts.size() - 1)));
    }

    /// This address with one more part.
    public Multiaddr with(Part part) {
        var longer = new ArrayList<>(parts);
        longer.add(part);
        return checked(longer);
    }

    /// The address and port of a plain TCP address `/ip4|ip6/.../tcp/...[/p2p/...]`, else empty.
    public Optional<InetSocketAddress> tcpSocket() {
        if (!isPlainTcp() || dnsName().isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new InetSocketAddress(ip(parts.getFirst()), port()));
    }

    /// The host's name in `/dns|dns4|dns6|dnsaddr/...`, else empty.
    public Optional<String> dnsName() {
        return switch (parts.getFirst().protocol()) {
            case DNS, DNS4, DNS6, DNSADDR -> Optional.of(parts.getFirst().text());
            default -> Optional.empty();
        };
    }

    /// True for `/ip4|ip6|dns|dns4|dns6/.../tcp/...[/p2p/...]`: what this node's transport dials.
    public boolean isPlainTcp() {
        boolean host =
                switch (parts.getFirst().protocol()) {
                    case IP4, IP6, DNS, DNS4, DNS6 -> true;
                    default -> false;
                };
        return host
                && parts.size() >= 2
                && parts.get(1).protocol() == MultiaddrProtocol.TCP
                && (parts.size() == 2
                        || parts.size() == 3 && parts.get(2).protocol() == MultiaddrProtocol.P2P);
    }

    /// The TCP port of a plain TCP address.
    public int port() {
        var value = parts.get(1).value();
        return (value[0] & 0xFF) << 8 | value[1] & 0xFF;
    }

    /// The IP address that the address begins with, else empty.
    public Optional<InetAddress> ip() {
        return switch (parts.getFirst().protocol()) {
            case IP4, IP6 -> Optional.of(ip(parts.getFirst()));
            default -> Optional.empty();
        };
    }

    static InetAddress ip(Part part) {
        try {
            return InetAddress.getByAddress(part.value());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an IP of checked length", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Multiaddr address && Arrays.equals(bytes, address.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (var part : parts) {
            text.append('/').append(part.protocol().text);
            if (part.protocol().value != MultiaddrProtocol.Value.NONE) {
                text.append('/').append(part.text());
            }
        }
        return text.toString();
    }

    private static byte[] spell(List<Part> parts) {
        var out = new ByteWriter(64);
        for (var part : parts) {
            Varint.write(part.protocol().code, out);
            if (part.protocol().value.length < 0) {
                Varint.write(part.value().length, out);
            }
            out.writeBytes(part.value());
        }
        return out.toByteArray();
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 7 * Varint.MAX_LENGTH; shift += 7) {
            if (!in.hasRemaining()) {
                throw new IllegalArgumentException("a multiaddr ends inside a number");
            }
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than 9 bytes");
    }

    static String abbreviated(String text) {
        return text.length() <= 120 ? text : text.substring(0, 120) + "...";
    }
}
