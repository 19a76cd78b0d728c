// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.io.IOException;
import network.chiral.edge.libp2p.identity.PeerId;

/// Reaches peers through relays, for a dialler that itself knows sockets only.
public interface CircuitDialer {
    /// Of a node that uses no relays.
    CircuitDialer NONE =
            new CircuitDialer() {
                @Override
                public boolean reaches(CircuitAddress circuit, PeerId peer) {
                    return false;
                }

                @Override
                public Connection dial(CircuitAddress circuit, PeerId peer) throws IOException {
                    throw new CircuitException(
                            DialException.Reason.NOT_DIALABLE, "no relays are used here");
                }
            };

    /// True where it makes sense to ask for `peer` at the relay of `circuit`.
    boolean reaches(CircuitAddress circuit, PeerId peer);

    /// Asks the relay for the circuit and secures it end to end. Blocks; an interrupt gives up.
    ///
    /// @throws CircuitException where the relay or the peer said no
    Connection dial(CircuitAddress circuit, PeerId peer) throws IOException, InterruptedException;
}
