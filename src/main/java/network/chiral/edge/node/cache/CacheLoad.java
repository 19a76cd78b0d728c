// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.util.List;

/// The peers that were loaded, and how that went.
public record CacheLoad(List<CachedPeer> peers, LoadOutcome outcome) {
    public CacheLoad {
        peers = List.copyOf(peers);
    }
}
