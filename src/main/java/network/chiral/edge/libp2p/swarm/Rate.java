// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Duration;

/// How often something may be asked for.
///
/// @param burst at once; 0 is no limit
/// @param every until one more may be asked for
public record Rate(int burst, Duration every) {
    public static final Rate NONE = new Rate(0, Duration.ZERO);

    public Rate {
        if (burst < 0 || burst > 0 && (every.isZero() || every.isNegative())) {
            throw new IllegalArgumentException("a rate has a burst and a time until the next");
        }
    }

    public boolean isNone() {
        return burst == 0;
    }
}
