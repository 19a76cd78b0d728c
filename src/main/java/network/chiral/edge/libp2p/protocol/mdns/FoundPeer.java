// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import java.time.Duration;
import java.util.List;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// A peer as an answer on the link names it. Nobody has checked that it is there, or who it is.
///
/// @param addresses in scope and of our transport, without the peer id
/// @param ttl how long that holds; zero when it says goodbye
public record FoundPeer(PeerId peer, List<Multiaddr> addresses, Duration ttl) {
    public FoundPeer {
        addresses = List.copyOf(addresses);
    }
}
