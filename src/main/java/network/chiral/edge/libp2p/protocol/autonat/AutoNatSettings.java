// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.time.Duration;

/// What a host does of AutoNAT.
///
/// @param server tells others whether they can be reached
/// @param client finds out whether this host can be reached
/// @param limits of the server
/// @param pace between two questions of the client while there is something to ask; jittered
public record AutoNatSettings(boolean server, boolean client, AutoNatLimits limits, Duration pace) {
    /// Nothing of it.
    public static final AutoNatSettings OFF =
            new AutoNatSettings(false, false, AutoNatLimits.DEFAULT, Duration.ofSeconds(5));

    /// Both sides, with go-libp2p's limits.
    public static final AutoNatSettings DEFAULT =
            new AutoNatSettings(true, true, AutoNatLimits.DEFAULT, Duration.ofSeconds(5));
}
