// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.util.List;
import java.util.Optional;

/// What a peer answers.
///
/// @param type that of the request
/// @param record the value that was asked for, or that was put
/// @param closer the peers that the sender knows nearest to the key
/// @param providers who provides the key
record KadAnswer(
        KadType type, Optional<KadRecord> record, List<KadPeer> closer, List<KadPeer> providers) {
    KadAnswer {
        closer = List.copyOf(closer);
        providers = List.copyOf(providers);
    }
}
