// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.multiformats;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/// The addresses that begin with the same bits, such as `192.0.2.0/24` or `2001:db8::/56`.
///
/// @param six true for IPv6
/// @param high the first 64 bits; an IPv4 address stands in the upper half of them
/// @param low the other 64 bits
/// @param length how many bits count; the others are 0
public record IpPrefix(boolean six, long high, long low, int length) {
    private static final int BITS_4 = 32;
    private static final int BITS_6 = 128;

    /// The prefix of `length` bits that `address` is in; a length beyond the address is the whole one.
    public static IpPrefix of(InetAddress address, int length) {
        var bytes = ByteBuffer.wrap(address.getAddress());
        if (!(address instanceof Inet6Address)) {
            int bits = Math.clamp(length, 0, BITS_4);
            return new IpPrefix(false, masked((long) bytes.getInt() << BITS_4, bits), 0, bits);
        }
        int bits = Math.clamp(length, 0, BITS_6);
        return new IpPrefix(
                true, masked(bytes.getLong(), bits), masked(bytes.getLong(), bits - 64), bits);
    }

    /// The address alone.
    public static IpPrefix of(InetAddress address) {
        return of(address, BITS_6);
    }

    private static long masked(long word, int bits) {
        if (bits <= 0) {
            return 0;
        }
        return bits >= Long.SIZE ? word : word & -1L << Long.SIZE - bits;
    }

    /// Reads `address/length`, or an address alone.
    ///
    /// @throws IllegalArgumentException with a sentence that names the fault
    public static IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        try {
            var address = literal(slash < 0 ? text : text.substring(0, slash));
            if (slash < 0) {
                return of(address);
            }
            int length = Integer.parseInt(text.substring(slash + 1));
            if (length >= 0 && length <= (address instanceof Inet6Address ? BITS_6 : BITS_4)) {
                return of(address, length);
            }
        } catch (IllegalArgumentException e) {
            // falls to the one sentence below
        }
        throw new IllegalArgumentException(
                "'" + Multiaddr.abbreviated(text) + "' is no address and no prefix of one");
    }

    /// Java also takes `192.0.2` for an address, which here is rather a prefix cut short.
    private static InetAddress literal(String text) {
        if (text.indexOf(':') < 0 && text.chars().filter(letter -> letter == '.').count() != 3) {
            throw new IllegalArgumentException("an IPv4 address has four numbers");
        }
        return InetAddress.ofLiteral(text);
    }

    public boolean contains(InetAddress address) {
        return address instanceof Inet6Address == six && of(address, length).equals(this);
    }

    @Override
    public String toString() {
        var bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        try {
            var address = InetAddress.getByAddress(six ? bytes : java.util.Arrays.copyOf(bytes, 4));
            return address.getHostAddress() + "/" + length;
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }
}
