// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.io.IOException;

/// Says that a circuit through a relay did not become a connection.
public final class CircuitException extends IOException {
    private static final long serialVersionUID = 1L;

    private final DialException.Reason reason;

    public CircuitException(DialException.Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public DialException.Reason reason() {
        return reason;
    }
}
