// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.util.List;

/// One peer worth dialling again, with the fields of the cache file in the order of the file.
///
/// Numbers outside their range are moved to its nearest end, so that every instance can be written. An
/// unsigned 64-bit value of the file that does not fit a `long` is held as [Long#MAX_VALUE].
///
/// @param addresses where the peer listens, best first
/// @param lastSeen Unix seconds
/// @param connectionCount unsigned 32 bits, as are both transfer counters and the latency
/// @param averageLatencyMs 0 is unknown
/// @param reliabilityScore 0 to 1, see [Reliability]
public record CachedPeer(
        String peerId,
        List<String> addresses,
        long lastSeen,
        long connectionCount,
        long successfulTransfers,
        long failedTransfers,
        long totalBytesTransferred,
        long averageLatencyMs,
        boolean isBootstrap,
        boolean supportsRelay,
        double reliabilityScore) {
    static final long U32_MAX = 0xFFFF_FFFFL;

    public CachedPeer {
        addresses = List.copyOf(addresses);
        lastSeen = Math.max(0, lastSeen);
        connectionCount = Math.clamp(connectionCount, 0, U32_MAX);
        successfulTransfers = Math.clamp(successfulTransfers, 0, U32_MAX);
        failedTransfers = Math.clamp(failedTransfers, 0, U32_MAX);
        totalBytesTransferred = Math.max(0, totalBytesTransferred);
        averageLatencyMs = Math.clamp(averageLatencyMs, 0, U32_MAX);
        reliabilityScore = Double.isNaN(reliabilityScore) ? 0 : Math.clamp(reliabilityScore, 0, 1);
    }

    /// Transfers that were tried, whatever came of them.
    public long transfers() {
        return successfulTransfers + failedTransfers;
    }
}
