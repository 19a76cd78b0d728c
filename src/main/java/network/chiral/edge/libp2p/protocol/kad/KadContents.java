// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.util.List;

/// What one DHT keeps for others.
///
/// @param records values under their keys
/// @param providers who has what
public record KadContents(List<StoredRecord> records, List<StoredProvider> providers) {
    public KadContents {
        records = List.copyOf(records);
        providers = List.copyOf(providers);
    }
}
