// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import network.chiral.edge.libp2p.multiformats.IpPrefix;

/// What one peer and one address may have of what all connections share; 0 is no limit.
///
/// The numbers of an address hold for an IPv4 address and an IPv6 /64; a /56 has twice as much and a /48
/// four times, as with connections.
///
/// @param streamsPerIp inbound
/// @param bufferedPerPeer bytes received on streams and not consumed yet (go: 64 MiB and more)
/// @param bufferedPerIp of the same
public record ShareLimits(int streamsPerIp, long bufferedPerPeer, long bufferedPerIp) {
    static final ShareLimits NONE = new ShareLimits(0, 0, 0);

    /// Two streams with the largest window: a peer that is reached through two slow circuits.
    private static final long LEAST_PER_PEER = 32L << 20;

    /// A prefix that an address is in, and how many times the share of one address it has.
    record Part(IpPrefix prefix, int times) {}

    /// The usual shares of `streams` and `bufferedBytes`: of the streams a quarter for one address; of the
    /// bytes an eighth for one peer and half for one address, so that none of them alone spends all.
    public static ShareLimits of(int streams, long bufferedBytes) {
        return new ShareLimits(
                streams / 4,
                Math.min(bufferedBytes, Math.max(LEAST_PER_PEER, bufferedBytes / 8)),
                bufferedBytes / 2);
    }

    /// The prefixes where `from` counts.
    static List<Part> parts(InetAddress from) {
        return from instanceof Inet6Address
                ? List.of(
                        new Part(IpPrefix.of(from, 64), 1),
                        new Part(IpPrefix.of(from, 56), 2),
                        new Part(IpPrefix.of(from, 48), 4))
                : List.of(new Part(IpPrefix.of(from), 1));
    }
}
