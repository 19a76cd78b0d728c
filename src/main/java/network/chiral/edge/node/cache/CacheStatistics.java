// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.util.Collection;
import java.util.Locale;

/// Six figures that sum up a set of peers, the ones Chiral's client logs.
///
/// @param averageReliability 0 if there are no peers
/// @param totalTransfers successful and failed
public record CacheStatistics(
        int totalPeers,
        int relayCapablePeers,
        int bootstrapPeers,
        double averageReliability,
        long totalTransfers,
        long totalBytesTransferred) {

    public static CacheStatistics of(Collection<CachedPeer> peers) {
        int relays = 0;
        int bootstraps = 0;
        double reliability = 0;
        long transfers = 0;
        long bytes = 0;
        for (var peer : peers) {
            relays += peer.supportsRelay() ? 1 : 0;
            bootstraps += peer.isBootstrap() ? 1 : 0;
            reliability += peer.reliabilityScore();
            transfers += peer.transfers();
            bytes = saturatedSum(bytes, peer.totalBytesTransferred());
        }
        double average = peers.isEmpty() ? 0 : reliability / peers.size();
        return new CacheStatistics(peers.size(), relays, bootstraps, average, transfers, bytes);
    }

    /// The sum of two numbers that are not negative, or [Long#MAX_VALUE] where it would not fit.
    static long saturatedSum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    /// All six as `key=value`, for a log line.
    String asKeyValues() {
        return String.format(
                Locale.ROOT,
                "total_peers=%d relay_capable_peers=%d bootstrap_peers=%d"
                        + " average_reliability=%.2f total_transfers=%d total_bytes_transferred=%d",
                totalPeers,
                relayCapablePeers,
                bootstrapPeers,
                averageReliability,
                totalTransfers,
                totalBytesTransferred);
    }
}
