// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Keeps the best peers of a file of any length, one for each id, and forgets the others at once.
final class BestPeers {
    private record Ranked(CachedPeer peer, boolean stale, long order) {}

    private static final Comparator<Ranked> BEST_FIRST =
            Comparator.comparing(Ranked::stale)
                    .thenComparing(Ranked::peer, CacheRules.BEST_FIRST)
                    .thenComparingLong(Ranked::order);

    private final CacheRules rules;
    private final Instant now;
    private final TreeSet<Ranked> ranked = new TreeSet<>(BEST_FIRST);
    private final Map<String, Ranked> byId = new HashMap<>();
    private long offered;

    BestPeers(CacheRules rules, Instant now) {
        this.rules = rules;
        this.now = now;
    }

    /// Answers false if the id was here already; then the better one of the two stays.
    boolean offer(CachedPeer peer) {
        var candidate = new Ranked(peer, rules.isStale(peer, now), offered++);
        var twin = byId.get(peer.peerId());
        if (twin != null) {
            if (BEST_FIRST.compare(candidate, twin) < 0) {
                remove(twin);
                add(candidate);
            }
            return false;
        }
        if (ranked.size() < rules.maxPeers()) {
            add(candidate);
        } else if (BEST_FIRST.compare(candidate, ranked.last()) < 0) {
            remove(ranked.last());
            add(candidate);
        }
        return true;
    }

    /// In the order in which they were offered.
    List<CachedPeer> all() {
        return ranked.stream()
                .sorted(Comparator.comparingLong(Ranked::order))
                .map(Ranked::peer)
                .toList();
    }

    private void add(Ranked peer) {
        ranked.add(peer);
        byId.put(peer.peer().peerId(), peer);
    }

    private void remove(Ranked peer) {
        ranked.remove(peer);
        byId.remove(peer.peer().peerId());
    }
}
