// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.util.List;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// A peer that a message names.
///
/// @param id who
/// @param addresses where it is said to be reached
/// @param connection how the sender stands to it
public record KadPeer(PeerId id, List<Multiaddr> addresses, Connectedness connection) {
    public KadPeer {
        addresses = List.copyOf(addresses);
    }

    KadPeer(PeerId id, List<Multiaddr> addresses) {
        this(id, addresses, Connectedness.NOT_CONNECTED);
    }
}
