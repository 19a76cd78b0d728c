// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import java.util.List;
import java.util.Set;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.AddressScope;

/// What mDNS wants of the host around it.
public interface MdnsSurroundings {
    PeerId self();

    /// Which addresses may be told and dialled.
    AddressScope scope();

    /// The machine's addresses that the host listens on, without its peer id.
    List<Multiaddr> listening();

    /// Opens the links that are there now, but for those whose names are in `open`.
    List<MdnsLink> openLinks(Set<String> open);

    /// True where there is a connection.
    boolean isConnected(PeerId peer);

    /// Dials a peer; true where that worked. Blocks.
    boolean dial(FoundPeer peer) throws InterruptedException;
}
