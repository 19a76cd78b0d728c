// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// What crosses a stream of version 1 (autonat-v1.md, RPC messages).
sealed interface AutoNatV1Message {
    /// go-libp2p's maxMsgSize.
    int MAX_LENGTH = 4096;

    /// What rust-libp2p takes, so no longer request is sent.
    int MAX_SENT = 1024;

    /// The client wants to be dialled at one of `addresses`.
    record Dial(PeerId peer, List<Multiaddr> addresses) implements AutoNatV1Message {
        public Dial {
            addresses = List.copyOf(addresses);
        }
    }

    /// A DIAL that lacks what makes it one; `fault` goes back in words.
    record BadDial(String fault) implements AutoNatV1Message {}

    /// What came of it.
    ///
    /// @param text in words, for a human; empty with OK
    /// @param address that was reached
    record DialResponse(AutoNatV1Status status, String text, Optional<Multiaddr> address)
            implements AutoNatV1Message {}
}
