// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A link over UDP, on the port that mDNS shares with every other program of the machine.
final class UdpLink implements MdnsLink {
    private static final byte[] GROUP_4 = {(byte) 224, 0, 0, (byte) 251};
    private static final byte[] GROUP_6 = {
        (byte) 0xFF, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xFB
    };

    /// RFC 6762, 11: who looks at it sees that no router has passed the packet on.
    private static final int HOPS = 255;

    private final NetworkInterface netif;
    private final StandardProtocolFamily family;
    private final DatagramChannel channel;
    private final InetSocketAddress group;
    private final Set<InterfaceAddress> networks;
    private final ByteBuffer buffer = ByteBuffer.allocate(MdnsCodec.MAX_LENGTH + 1);

    private UdpLink(
            NetworkInterface netif,
            StandardProtocolFamily family,
            DatagramChannel channel,
            InetSocketAddress group) {
        this.netif = netif;
        this.family = family;
        this.channel = channel;
        this.group = group;
        this.networks = networks(netif, family);
    }

    static UdpLink open(NetworkInterface netif, StandardProtocolFamily family) throws IOException {
        boolean four = family == StandardProtocolFamily.INET;
        var group = four ? InetAddress.getByAddress(GROUP_4) : group6(netif);
        var channel = DatagramChannel.open(family);
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, netif);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, HOPS);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
            channel.bind(new InetSocketAddress(any(four), PORT));
            channel.join(group, netif);
            return new UdpLink(netif, family, channel, new InetSocketAddress(group, PORT));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static InetAddress any(boolean four) throws IOException {
        return InetAddress.getByAddress(new byte[four ? 4 : 16]);
    }

    private static InetAddress group6(NetworkInterface netif) throws IOException {
        return Inet6Address.getByAddress(null, GROUP_6, netif.getIndex());
    }

    static String name(NetworkInterface netif, StandardProtocolFamily family) {
        return netif.getName() + (family == StandardProtocolFamily.INET ? " ip4" : " ip6");
    }

    static Set<InterfaceAddress> networks(NetworkInterface netif, StandardProtocolFamily family) {
        var type = family == StandardProtocolFamily.INET ? Inet4Address.class : Inet6Address.class;
        var networks = new HashSet<>(netif.getInterfaceAddresses());
        networks.removeIf(network -> !type.isInstance(network.getAddress()));
        return networks;
    }

    @Override
    public String name() {
        return name(netif, family);
    }

    @Override
    public List<InetAddress> addresses() {
        return networks.stream().map(InterfaceAddress::getAddress).toList();
    }

    @Override
    public boolean isOnLink(InetAddress ip) {
        return ip.isLinkLocalAddress()
                || networks.stream().anyMatch(network -> covers(network, ip));
    }

    private static boolean covers(InterfaceAddress network, InetAddress ip) {
        var own = network.getAddress().getAddress();
        var other = ip.getAddress();
        int bits = network.getNetworkPrefixLength();
        if (own.length != other.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> i % 8;
            if ((own[i / 8] & mask) != (other[i / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean isStale() {
        try {
            var now = NetworkInterface.getByName(netif.getName());
            return now == null || !now.isUp() || !networks(now, family).equals(networks);
        } catch (SocketException e) {
            return true;
        }
    }

    @Override
    public Packet receive() throws IOException {
        InetSocketAddress source;
        do { // a socket of IPv6 hears IPv4 too, and there is another link for that
            buffer.clear();
            source = (InetSocketAddress) channel.receive(buffer);
        } while (source.getAddress() instanceof Inet4Address
                != (group.getAddress() instanceof Inet4Address));
        var bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        return new Packet(bytes, source);
    }

    @Override
    public void multicast(byte[] packet) throws IOException {
        channel.send(ByteBuffer.wrap(packet), group);
    }

    @Override
    public void unicast(byte[] packet, InetSocketAddress destination) throws IOException {
        channel.send(ByteBuffer.wrap(packet), destination);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // closed all the same
        }
    }
}
