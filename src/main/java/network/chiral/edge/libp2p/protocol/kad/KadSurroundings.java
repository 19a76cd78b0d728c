// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Connection;

/// What a DHT asks of the host around it.
public interface KadSurroundings {
    PeerId self();

    /// Where this host is reached.
    List<Multiaddr> announced();

    AddressScope scope();

    /// An open connection to `peer`.
    Optional<Connection> connection(PeerId peer);

    /// An open connection to `peer`, made where there is none.
    Connection dial(PeerId peer, List<Multiaddr> addresses)
            throws IOException, InterruptedException;

    /// True where `peer` is connected and has told in identify that it answers `protocol`.
    boolean speaks(PeerId peer, ProtocolId protocol);

    /// Where `peer` says in identify that it listens, and where this host has dialled it; nothing where
    /// it is not connected.
    List<Multiaddr> addresses(PeerId peer);
}
