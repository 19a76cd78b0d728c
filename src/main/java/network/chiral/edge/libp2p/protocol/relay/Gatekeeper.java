// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.util.Optional;
import java.util.function.Function;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.swarm.Connection;

/// Asks the gate about peers who are connected.
///
/// @param connections an open connection to a peer
record Gatekeeper(RelayGate gate, Function<PeerId, Optional<Connection>> connections) {
    /// True where one of the two ends of a circuit may not be it.
    boolean refuses(PeerId source, PeerId destination) {
        return refuses(source, gate::toConnect) || refuses(destination, gate::toBeReached);
    }

    /// True where `peer` may not hold a slot.
    boolean refusesSlot(PeerId peer) {
        return refuses(peer, gate::toReserve);
    }

    /// Why `destination` may not be reached.
    Optional<Refusal> toBeReached(PeerId destination) {
        return connections.apply(destination).flatMap(gate::toBeReached);
    }

    private boolean refuses(PeerId peer, Function<Connection, Optional<Refusal>> rule) {
        var connection = connections.apply(peer);
        return connection.isPresent() && rule.apply(connection.get()).isPresent();
    }
}
