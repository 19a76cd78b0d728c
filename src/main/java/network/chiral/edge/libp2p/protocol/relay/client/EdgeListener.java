// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay.client;

import network.chiral.edge.libp2p.identity.PeerId;

/// Told what becomes of this node's slots at relays; answer at once.
public interface EdgeListener {
    /// A relay gave a slot, or gave it for longer.
    default void onReserved(Reservation reservation, boolean renewal) {}

    /// A relay gave none.
    default void onRefused(PeerId relay, ReservationRefused why, boolean renewal) {}

    /// A slot is gone before its time: the relay has left, or is none any more.
    default void onLost(PeerId relay) {}

    /// The addresses under which this node is reached have changed.
    default void onAddressesChanged() {}
}
