// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.swarm.Allowance;

/// What crosses a STOP stream.
public sealed interface StopMessage {
    /// The relay asks the destination to take a circuit from `source`.
    record Connect(PeerId source, Allowance allowance) implements StopMessage {}

    /// The destination's answer.
    record Status(RelayStatus status) implements StopMessage {}
}
