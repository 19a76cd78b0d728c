// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay.client;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.Allowance;

/// A slot at a relay.
///
/// @param relay who gave it
/// @param expires when it ends unless it is renewed
/// @param circuits addresses under which this node is reached through it, ending in `/p2p-circuit`
/// @param limit what one circuit may use; empty where the relay named no limit
public record Reservation(
        PeerId relay, Instant expires, List<Multiaddr> circuits, Optional<Allowance> limit) {
    public Reservation {
        circuits = List.copyOf(circuits);
    }
}
