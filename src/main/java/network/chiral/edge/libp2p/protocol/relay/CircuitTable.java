// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;

/// How many circuits are open, in all and per peer.
///
/// Every method is synchronized and calls nothing foreign while it holds the lock.
final class CircuitTable {
    private final RelayLimits limits;
    private final Map<PeerId, Integer> bySource = new HashMap<>();
    private final Map<PeerId, Integer> byDestination = new HashMap<>();
    private int open;

    CircuitTable(RelayLimits limits) {
        this.limits = limits;
    }

    /// Counts a circuit that begins, or says why there is no room for it.
    synchronized Optional<Refusal> begin(PeerId source, PeerId destination) {
        if (limits.circuits() > 0 && open >= limits.circuits()) {
            return Optional.of(Refusal.CIRCUITS_FULL);
        }
        int perPeer = limits.circuitsPerPeer();
        if (perPeer > 0 && bySource.getOrDefault(source, 0) >= perPeer) {
            return Optional.of(Refusal.CIRCUITS_PER_SOURCE);
        }
        if (perPeer > 0 && byDestination.getOrDefault(destination, 0) >= perPeer) {
            return Optional.of(Refusal.CIRCUITS_PER_DESTINATION);
        }
        open++;
        bySource.merge(source, 1, Integer::sum);
        byDestination.merge(destination, 1, Integer::sum);
        return Optional.empty();
    }

    /// Counts a circuit that has ended, or never came to stand.
    synchronized void end(PeerId source, PeerId destination) {
        open--;
        bySource.computeIfPresent(source, (_, n) -> n == 1 ? null : n - 1);
        byDestination.computeIfPresent(destination, (_, n) -> n == 1 ? null : n - 1);
    }

    /// True where `peer` is an end of a circuit.
    synchronized boolean carries(PeerId peer) {
        return bySource.containsKey(peer) || byDestination.containsKey(peer);
    }

    synchronized int size() {
        return open;
    }
}
