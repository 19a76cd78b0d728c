// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.dcutr;

import java.util.List;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// Told how upgrades of relayed connections go; answer at once.
public interface DcutrListener {
    /// Which part this side has.
    enum Side {
        /// It took the circuit in, and asks the other to dial.
        INITIATOR,
        /// It asked for the circuit, and is asked.
        RECEIVER
    }

    /// What came of it, in go-libp2p's words.
    enum Outcome {
        SUCCESS,
        FAILED,
        NO_SUITABLE_ADDRESS
    }

    /// A peer with addresses that may be dialled was dialled at once.
    default void onDirectDial(PeerId peer, boolean success) {}

    /// Both have dialled, `attempts` times at most.
    ///
    /// @param theirs where this side dialled
    default void onFinished(
            PeerId peer, Side side, int attempts, Outcome outcome, List<Multiaddr> theirs) {}

    /// The exchange broke off before anybody dialled.
    default void onProtocolError(PeerId peer, String why) {}
}
