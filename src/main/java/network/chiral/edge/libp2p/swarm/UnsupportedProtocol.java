// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.io.IOException;
import network.chiral.edge.libp2p.negotiation.ProtocolId;

/// Says that the remote does not speak a protocol.
public final class UnsupportedProtocol extends IOException {
    private static final long serialVersionUID = 1L;

    public UnsupportedProtocol(ProtocolId protocol) {
        super("the remote does not speak " + protocol);
    }
}
