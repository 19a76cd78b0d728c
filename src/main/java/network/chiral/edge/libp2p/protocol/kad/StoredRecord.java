// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.time.Instant;
import network.chiral.edge.libp2p.identity.PeerId;

/// A record that this node keeps.
///
/// @param record as it was put
/// @param owner whose quota it counts against
/// @param received when it came
/// @param expires when it ends
public record StoredRecord(KadRecord record, PeerId owner, Instant received, Instant expires) {
    int bytes() {
        return record.key().length + record.value().length;
    }

    /// Whether the publisher itself put it here.
    boolean isFirstHand() {
        return record.publisher().map(owner::equals).orElse(false);
    }
}
