// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.protocol.relay.RelayListener;
import network.chiral.edge.libp2p.swarm.ConnectionValue;
import network.chiral.edge.libp2p.swarm.Joined;

/// Keeps the connections that the relay lives by: those of peers with a reservation, and of both ends
/// of a circuit.
final class ConnectionKeeping implements ConnectionValue, RelayListener {
    private final HopService hop;
    private final Map<PeerId, Integer> circuits = new ConcurrentHashMap<>();

    ConnectionKeeping(HopService hop) {
        this.hop = hop;
        hop.addListener(this);
    }

    @Override
    public boolean isProtected(PeerId peer) {
        return circuits.containsKey(peer) || hop.isReserved(peer);
    }

    @Override
    public void onCircuitOpened(PeerId source, PeerId destination) {
        circuits.merge(source, 1, Integer::sum);
        circuits.merge(destination, 1, Integer::sum);
    }

    @Override
    public void onCircuitClosed(PeerId source, PeerId destination, Joined joined, Duration lasted) {
        ended(source);
        ended(destination);
    }

    private void ended(PeerId peer) {
        circuits.computeIfPresent(peer, (_, n) -> n == 1 ? null : n - 1);
    }
}
