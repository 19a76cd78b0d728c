// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.time.Instant;
import java.util.List;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.Allowance;

/// What crosses a HOP stream.
public sealed interface HopMessage {
    /// Longest message taken, as go-libp2p and rust-libp2p have it.
    int MAX_LENGTH = 4096;

    /// A client asks for a slot, or to keep the one it has.
    record Reserve() implements HopMessage {}

    /// A client asks for a circuit.
    record Connect(PeerId destination) implements HopMessage {}

    /// The slot is the client's until `expires`.
    record Granted(Instant expires, List<Multiaddr> addresses, byte[] voucher, Allowance allowance)
            implements HopMessage {}

    /// The circuit stands.
    record Connected(Allowance allowance) implements HopMessage {}

    /// The request is refused; as a request, something that no client sends.
    record Status(RelayStatus status) implements HopMessage {}
}
