// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.util.Locale;

/// Why a connection was closed that did nothing wrong.
public enum TrimReason {
    /// More were open than the high mark, and this one was worth the least.
    HIGH_WATER,
    /// It carried no stream for too long.
    IDLE;

    /// The name in metrics and logs.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
