// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.dcutr;

import java.util.List;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// What crosses a DCUtR stream.
sealed interface DcutrMessage {
    /// Longest message taken (relay/DCUtR.md, "RPC messages").
    int MAX_LENGTH = 4096;

    /// Where the sender may be reached.
    record Connect(List<Multiaddr> addresses) implements DcutrMessage {
        public Connect {
            addresses = List.copyOf(addresses);
        }
    }

    /// Now.
    record Sync() implements DcutrMessage {}
}
