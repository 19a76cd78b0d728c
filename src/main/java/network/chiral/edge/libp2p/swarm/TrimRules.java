// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Duration;

/// When connections are closed that nobody needs.
///
/// go-libp2p's connection manager trims from 192 down to 160 after a minute's grace, every ten seconds.
/// A relay lives by its connections, so the marks are high.
///
/// @param high connections above which the least valuable are closed; 0 for never
/// @param low down to how many
/// @param grace for how long a new connection is left alone
/// @param idle after which an unprotected connection without streams is closed; zero for never. Five
///     minutes are those of Chiral's app
/// @param every how often this is looked at
public record TrimRules(int high, int low, Duration grace, Duration idle, Duration every) {
    public static final TrimRules DEFAULT =
            new TrimRules(
                    12_288,
                    10_240,
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(10));

    public TrimRules {
        if (low > high) {
            throw new IllegalArgumentException("the low mark " + low + " is above the high one");
        }
    }
}
