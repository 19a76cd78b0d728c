// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reconnect;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/// What a round of redials came to.
///
/// @param known cached peers that were not stale
/// @param relayCapable those of them that relay
/// @param dialled those that had an address to dial
/// @param outcomes how many dials ended in which way; sums up to `dialled`
/// @param took from the first dial to the last outcome
public record ReconnectReport(
        int known,
        int relayCapable,
        int dialled,
        Map<DialOutcome, Integer> outcomes,
        Duration took) {

    public ReconnectReport {
        var copy = new EnumMap<DialOutcome, Integer>(DialOutcome.class);
        copy.putAll(outcomes);
        outcomes = copy;
    }

    /// Peers with a completed, authenticated handshake.
    public int connected() {
        return outcomes.getOrDefault(DialOutcome.CONNECTED, 0);
    }

    /// Connected of dialled, 0 to 1; 0 where none was dialled.
    public double hitRate() {
        return dialled == 0 ? 0 : (double) connected() / dialled;
    }

    /// True where at least one cached peer answered.
    public boolean isWarm() {
        return connected() > 0;
    }
}
