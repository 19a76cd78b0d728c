// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.net.Inet4Address;
import java.net.InetAddress;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// Which addresses may be announced, answered and dialled.
///
/// The ranges are those of RFC 6890 (special-purpose registries), RFC 6598 (CGNAT), RFC 4193 (ULA),
/// RFC 3927 and RFC 4291 (link-local).
public enum AddressScope {
    /// Globally reachable addresses only.
    PUBLIC,
    /// Those, and private, CGNAT, ULA and link-local ones.
    LAN,
    /// Loopback too; for tests and single machines.
    ANY;

    private enum Reach {
        GLOBAL,
        LOCAL,
        LOOPBACK,
        NEVER
    }

    /// True where the address's IP is in scope. A name is in scope until it is resolved; its addresses
    /// are to be asked for again.
    public boolean allows(Multiaddr address) {
        return address.ip().map(this::allows).orElseGet(() -> allowsName(address));
    }

    private boolean allowsName(Multiaddr address) {
        return address.dnsName()
                .map(name -> this == ANY || !name.equals("localhost") && !name.endsWith(".local"))
                .orElse(false);
    }

    /// True where `ip` is in scope.
    public boolean allows(InetAddress ip) {
        return switch (reach(ip)) {
            case GLOBAL -> true;
            case LOCAL -> this != PUBLIC;
            case LOOPBACK -> this == ANY;
            case NEVER -> false;
        };
    }

    private static Reach reach(InetAddress ip) {
        if (ip.isAnyLocalAddress() || ip.isMulticastAddress()) {
            return Reach.NEVER;
        }
        if (ip.isLoopbackAddress()) {
            return Reach.LOOPBACK;
        }
        var b = ip.getAddress();
        return ip instanceof Inet4Address
                ? reach4(b[0] & 0xFF, b[1] & 0xFF, b[2] & 0xFF)
                : reach6(b);
    }

    private static Reach reach4(int a, int b, int c) {
        boolean local =
                a == 10
                        || a == 172 && b >= 16 && b <= 31
                        || a == 192 && b == 168
                        || a == 169 && b == 254
                        || a == 100 && b >= 64 && b <= 127;
        boolean never =
                a == 0
                        || a >= 240
                        || a == 192 && b == 0 && (c == 0 || c == 2)
                        || a == 198 && (b == 18 || b == 19 || b == 51 && c == 100)
                        || a == 203 && b == 0 && c == 113;
        return local ? Reach.LOCAL : never ? Reach.NEVER : Reach.GLOBAL;
    }

    private static Reach reach6(byte[] b) {
        int first = (b[0] & 0xFF) << 8 | b[1] & 0xFF;
        int second = (b[2] & 0xFF) << 8 | b[3] & 0xFF;
        if ((first & 0xFE00) == 0xFC00 || (first & 0xFFC0) == 0xFE80) {
            return Reach.LOCAL;
        }
        boolean documentation =
                first == 0x2001 && second == 0x0DB8 || first == 0x3FFF && second < 0x1000;
        boolean global = (first & 0xE000) == 0x2000 && !documentation;
        if (first == 0x0064
                && second == 0xFF9B) { // NAT64 leads to the IPv4 address in it (RFC 6052)
            int a = b[12] & 0xFF;
            return a == 127 ? Reach.LOOPBACK : reach4(a, b[13] & 0xFF, b[14] & 0xFF);
        }
        return global ? Reach.GLOBAL : Reach.NEVER;
    }
}
