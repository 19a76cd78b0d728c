// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.chiral.edge.libp2p.identity.PeerId;

/// Which peers the relay has carried most for.
///
/// Every method is synchronized and calls nothing foreign while it holds the lock.
final class TrafficTable {
    /// Peers remembered: as many as a relay of the default size serves at once, some 500 KB.
    static final int KEPT = 4_096;

    private static final Comparator<PeerTraffic> BY_BYTES =
            Comparator.comparingLong(PeerTraffic::bytes).reversed();

    private final Map<PeerId, PeerTraffic> peers = new HashMap<>();

    /// Counts a circuit that has ended.
    synchronized void add(PeerId peer, long bytes) {
        peers.merge(peer, new PeerTraffic(peer, bytes, 1), (before, _) -> before.plus(bytes));
        if (peers.size() > 2 * KEPT) {
            // once in KEPT new peers, so that a peer costs the same however many come
            peers.values().stream()
                    .sorted(BY_BYTES)
                    .skip(KEPT)
                    .map(PeerTraffic::peer)
                    .toList()
                    .forEach(peers::remove);
        }
    }

    /// The `count` peers with most bytes, most first.
    synchronized List<PeerTraffic> top(int count) {
        return peers.values().stream().sorted(BY_BYTES).limit(count).toList();
    }

    synchronized int size() {
        return peers.size();
    }
}
