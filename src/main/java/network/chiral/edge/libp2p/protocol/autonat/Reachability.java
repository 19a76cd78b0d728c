// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.util.Locale;

/// Whether others can connect to this node, or to one of its addresses, by themselves.
public enum Reachability {
    /// Not tried by enough others yet.
    UNKNOWN,
    /// Others have connected.
    PUBLIC,
    /// Others have tried and failed.
    PRIVATE;

    /// The name in metrics, logs and health; go-libp2p's.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
