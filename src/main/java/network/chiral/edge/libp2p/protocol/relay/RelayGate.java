// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.util.Optional;
import network.chiral.edge.libp2p.swarm.Connection;

/// Who may use the relay. Asked for every request, so that the answer may change while it runs.
public interface RelayGate {
    /// Everybody may.
    RelayGate OPEN = new RelayGate() {};

    /// Why the peer of `connection` may hold no slot.
    default Optional<Refusal> toReserve(Connection connection) {
        return Optional.empty();
    }

    /// Why the peer of `connection` may open no circuits.
    default Optional<Refusal> toConnect(Connection connection) {
        return Optional.empty();
    }

    /// Why the peer of `connection` may not be reached by circuits.
    default Optional<Refusal> toBeReached(Connection connection) {
        return Optional.empty();
    }
}
