// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.multiformats;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The values of parts, between text and bytes.
final class MultiaddrText {
    private MultiaddrText() {}

    static String valueOf(Multiaddr.Part part) {
        var value = part.value();
        return switch (part.protocol().value) {
            case NONE -> "";
            case IP4 -> Multiaddr.ip(part).getHostAddress();
            case IP6 -> Ip6Text.of(value);
            case PORT -> Integer.toString((value[0] & 0xFF) << 8 | value[1] & 0xFF);
            case NUMBER -> Long.toUnsignedString(ByteBuffer.wrap(value).getLong());
            case TEXT -> utf8(value);
            case ESCAPED_TEXT ->
                    URLEncoder.encode(utf8(value), StandardCharsets.UTF_8).replace("+", "%20");
            case MULTIBASE -> Multibase.toBase64Url(value);
            case PEER -> Multibase.toBase58(value);
        };
    }

    private static String utf8(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }

    static byte[] parse(MultiaddrProtocol protocol, String text) {
        var value =
                switch (protocol.value) {
                    case NONE -> new byte[0];
                    case IP4 -> literal(text, 4);
                    case IP6 -> literal(text, 16);
                    case PORT -> port(text);
                    case NUMBER ->
                            ByteBuffer.allocate(8).putLong(Long.parseUnsignedLong(text)).array();
                    case TEXT -> text.getBytes(StandardCharsets.UTF_8);
                    case ESCAPED_TEXT ->
                            URLDecoder.decode(text, StandardCharsets.UTF_8)
                                    .getBytes(StandardCharsets.UTF_8);
                    case MULTIBASE -> Multibase.decode(text);
                    case PEER -> PeerText.parse(text);
                };
        check(protocol, value);
        return value;
    }

    static void check(MultiaddrProtocol protocol, byte[] value) {
        switch (protocol.value) {
            case TEXT, ESCAPED_TEXT -> {
                if (value.length == 0 || value.length > 255) {
                    throw new IllegalArgumentException(
                            "/" + protocol.text + " with a value of " + value.length + " bytes");
                }
                boolean splitsAtSlash = protocol.value == MultiaddrProtocol.Value.TEXT;
                for (byte b : value) {
                    if (splitsAtSlash && b == '/' || b >= 0 && b < 0x20) {
                        throw new IllegalArgumentException(
                                "/" + protocol.text + " with a control character or slash");
                    }
                }
                if (!Arrays.equals(utf8(value).getBytes(StandardCharsets.UTF_8), value)) {
                    throw new IllegalArgumentException(
                            "/" + protocol.text + " with a value that is not UTF-8");
                }
            }
            case PEER -> PeerText.check(value);
            case NONE, IP4, IP6, PORT, NUMBER, MULTIBASE -> {}
        }
    }

    private static byte[] port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535 && text.charAt(0) != '+') {
                return new byte[] {(byte) (port >> 8), (byte) port};
            }
        } catch (NumberFormatException e) {
            // falls to the one sentence below
        }
        throw new IllegalArgumentException(
                "'" + Multiaddr.abbreviated(text) + "' is no port, 0 to 65535 are allowed");
    }

    private static byte[] literal(String text, int length) {
        try {
            boolean looksRight =
                    length == 4
                            ? text.matches("\\d{1,3}(\\.\\d{1,3}){3}")
                            : text.matches("[0-9a-fA-F:]+(\\d+\\.\\d+\\.\\d+\\.\\d+)?")
                                    && text.contains(":");
            if (looksRight) {
                var ip = InetAddress.ofLiteral(text).getAddress();
                if (ip.length == length) {
                    return ip;
                }
                if (length == 16) { // the JDK turns ::ffff:a.b.c.d into IPv4
                    var mapped = new byte[16];
                    mapped[10] = mapped[11] = (byte) 0xFF;
                    System.arraycopy(ip, 0, mapped, 12, 4);
                    return mapped;
                }
            }
        } catch (IllegalArgumentException e) {
            // falls to the one sentence below
        }
        throw new IllegalArgumentException(
                "'"
                        + Multiaddr.abbreviated(text)
                        + "' is no IPv"
                        + (length == 4 ? 4 : 6)
                        + " address");
    }
}
