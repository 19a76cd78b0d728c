// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.util.Locale;

/// Which limit of this side a stream was reset for.
public enum StreamRefusal {
    /// More were open on all connections than the limit allows.
    TOO_MANY,
    /// More were open of one peer than the limit allows.
    TOO_MANY_OF_PEER,
    /// More were open from one address prefix than the limit allows.
    TOO_MANY_OF_PREFIX,
    /// The streams of the host held as many unread bytes as they may; this one was open already.
    MEMORY,
    /// Those of one peer held as many.
    MEMORY_OF_PEER,
    /// Those from one address prefix held as many.
    MEMORY_OF_PREFIX;

    /// The name in metrics and logs.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
