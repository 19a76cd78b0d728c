// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reconnect;

import java.util.Locale;

/// How the redial of one cached peer ended.
public enum DialOutcome {
    /// A completed, authenticated handshake with the expected peer.
    CONNECTED,
    /// Its five seconds were over.
    TIMED_OUT,
    /// It could not be reached, or somebody else answered.
    FAILED,
    /// More dials were under way than the bulkhead admits.
    REJECTED,
    /// The node is shutting down.
    CANCELLED;

    /// The name in metrics and logs.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
