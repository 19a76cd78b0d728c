// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;

/// The inbound streams of all connections, counted in all and by peer.
final class StreamTable {
    private final AdmissionLimits limits;
    private final Map<PeerId, Integer> byPeer = new HashMap<>();
    private int total;

    StreamTable(AdmissionLimits limits) {
        this.limits = limits;
    }

    /// Counts one more stream of `peer`, or says why it may not be.
    synchronized Optional<StreamRefusal> begin(PeerId peer) {
        int own = byPeer.getOrDefault(peer, 0);
        if (limits.streams() > 0 && total >= limits.streams()) {
            return Optional.of(StreamRefusal.TOO_MANY);
        }
        if (limits.streamsPerPeer() > 0 && own >= limits.streamsPerPeer()) {
            return Optional.of(StreamRefusal.TOO_MANY_OF_PEER);
        }
        byPeer.put(peer, own + 1);
        total++;
        return Optional.empty();
    }

    synchronized void end(PeerId peer) {
        byPeer.computeIfPresent(peer, (_, n) -> n == 1 ? null : n - 1);
        total--;
    }

    synchronized int size() {
        return total;
    }
}
