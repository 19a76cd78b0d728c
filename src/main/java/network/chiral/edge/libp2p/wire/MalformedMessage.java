// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.wire;

import java.io.IOException;

/// Says that bytes of a remote are no message of the expected kind.
public class MalformedMessage extends IOException {
    public MalformedMessage(String message) {
        super(message);
    }

    public MalformedMessage(String message, Throwable cause) {
        super(message, cause);
    }
}
