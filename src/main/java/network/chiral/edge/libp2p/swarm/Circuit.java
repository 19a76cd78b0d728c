// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// What is known of a connection through a relay before it is secured.
///
/// @param remote whom the other end must prove to be: the peer dialled, or the one the relay named
/// @param direction outbound where this side asked for the circuit; that side speaks first
/// @param address the relay's address, its peer id and `/p2p-circuit`
/// @param limit what the relay lets it use; empty where it named none
public record Circuit(
        PeerId remote,
        Connection.Direction direction,
        Multiaddr address,
        Optional<Allowance> limit) {

    public Circuit {
        if (!address.isCircuit()) {
            throw new IllegalArgumentException(address + " leads through no relay");
        }
    }
}
