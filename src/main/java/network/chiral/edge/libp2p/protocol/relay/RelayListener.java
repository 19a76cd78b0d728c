// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.time.Duration;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.swarm.Joined;

/// Told what the relay does; answer at once.
public interface RelayListener {
    /// `peer` holds a slot, or holds it longer.
    default void onReserved(PeerId peer, boolean renewal) {}

    /// `peer` asked for a slot and got none.
    default void onReservationRefused(PeerId peer, Refusal why) {}

    /// `peer` gave its slot back by leaving.
    default void onReservationReleased(PeerId peer) {}

    /// A circuit stands.
    default void onCircuitOpened(PeerId source, PeerId destination) {}

    /// A circuit did not come to stand.
    default void onCircuitRefused(PeerId source, PeerId destination, Refusal why) {}

    /// A circuit is over.
    default void onCircuitClosed(
            PeerId source, PeerId destination, Joined joined, Duration lasted) {}

    /// A request was answered with an error before it named anything.
    default void onBadRequest(PeerId peer, Refusal why) {}
}
