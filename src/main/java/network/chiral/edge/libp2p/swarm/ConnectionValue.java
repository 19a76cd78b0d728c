// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import network.chiral.edge.libp2p.identity.PeerId;

/// What the connection to a peer is worth; asked often, so it answers from memory.
public interface ConnectionValue {
    /// True where the connection may not be closed to save room or for want of use.
    boolean isProtected(PeerId peer);

    /// Of two connections the one of less value is closed first. 0 for a stranger.
    default double value(PeerId peer) {
        return 0;
    }
}
