// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.util.HashMap;
import java.util.Map;
import network.chiral.edge.libp2p.negotiation.ProtocolId;

/// How many inbound streams of each protocol a connection has in conversation.
final class StreamCounts {
    private final Map<ProtocolId, Integer> counts = new HashMap<>(2);

    /// Counts one more, or refuses where `limit` are there.
    synchronized boolean begin(ProtocolId protocol, int limit) {
        int now = counts.getOrDefault(protocol, 0);
        if (now >= limit) {
            return false;
        }
        counts.put(protocol, now + 1);
        return true;
    }

    /// How many of `protocols` there are now.
    synchronized int sum(Iterable<ProtocolId> protocols) {
        int sum = 0;
        for (var protocol : protocols) {
            sum += counts.getOrDefault(protocol, 0);
        }
        return sum;
    }

    synchronized void end(ProtocolId protocol) {
        counts.computeIfPresent(protocol, (_, count) -> count == 1 ? null : count - 1);
    }
}
