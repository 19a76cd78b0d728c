// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.io.IOException;

/// Says that the remote broke a protocol's rules; its stream is reset.
public class ProtocolViolation extends IOException {
    public ProtocolViolation(String message) {
        super(message);
    }
}
