// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// Which peers are worth a line in the cache, and in which order.
///
/// @param maxPeers peers in a file
/// @param maxAge since a peer was last seen; exactly that old is still young enough
/// @param minTransfers below which a peer is not saved; 0 saves every peer ever met
public record CacheRules(int maxPeers, Duration maxAge, int minTransfers) {
    /// The constants of Chiral's client, version 1 of the file.
    public static final CacheRules DEFAULT = new CacheRules(100, Duration.ofDays(7), 1);

    /// Reliability, then connections, both descending.
    public static final Comparator<CachedPeer> BEST_FIRST =
            Comparator.comparingDouble(CachedPeer::reliabilityScore)
                    .thenComparingLong(CachedPeer::connectionCount)
                    .reversed();

    private static final Comparator<CachedPeer> RELAYS_FIRST =
            Comparator.comparing(CachedPeer::supportsRelay)
                    .thenComparingDouble(CachedPeer::reliabilityScore)
                    .reversed();

    public CacheRules {
        if (maxPeers < 1 || maxAge.isNegative() || minTransfers < 0) {
            throw new IllegalArgumentException(
                    "a cache holds at least 1 peer, for no negative time or number of transfers");
        }
    }

    /// A peer seen in the future (some clock was wrong) is never stale.
    public boolean isStale(CachedPeer peer, Instant now) {
        return secondsSince(peer.lastSeen(), now) > maxAge.toSeconds();
    }

    public List<CachedPeer> fresh(List<CachedPeer> peers, Instant now) {
        return peers.stream().filter(peer -> !isStale(peer, now)).toList();
    }

    /// The peers of a new file: with transfers, not stale, the best of them. The sort is stable.
    List<CachedPeer> toSave(List<CachedPeer> peers, Instant now) {
        return peers.stream()
                .filter(this::isWorthSaving)
                .filter(peer -> !isStale(peer, now))
                .sorted(BEST_FIRST)
                .limit(maxPeers)
                .toList();
    }

    boolean isWorthSaving(CachedPeer peer) {
        return peer.transfers() >= minTransfers;
    }

    /// The order of dialling after a restart: relays, then the most reliable. The sort is stable.
    public static List<CachedPeer> forRedial(List<CachedPeer> peers) {
        return peers.stream().sorted(RELAYS_FIRST).toList();
    }

    private static long secondsSince(long lastSeen, Instant now) {
        return Math.max(0, now.getEpochSecond() - lastSeen);
    }
}
