// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reconnect;

import network.chiral.edge.libp2p.swarm.DialException;

/// Says that a peer's machine is there and refuses: it may be starting, so trying again may help.
public final class PeerStarting extends Exception {
    private static final long serialVersionUID = 1L;

    PeerStarting(DialException cause) {
        super(cause.getMessage(), cause);
    }
}
