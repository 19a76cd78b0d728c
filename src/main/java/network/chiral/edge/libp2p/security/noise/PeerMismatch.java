// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.security.noise;

import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.wire.MalformedMessage;

/// Says that somebody else than the dialled peer answered at its address.
public final class PeerMismatch extends MalformedMessage {
    private static final long serialVersionUID = 1L;

    PeerMismatch(PeerId expected, PeerId found) {
        super("dialled " + expected + ", and " + found + " answered");
    }
}
