// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Duration;

/// What a joined pair of streams may use.
///
/// @param bytesEachWay counted per direction (relay/circuit-v2.md, "data limit"); 0 is no limit
/// @param duration after which both streams are reset; zero is no limit
public record Allowance(long bytesEachWay, Duration duration) {
    public static final Allowance UNLIMITED = new Allowance(0, Duration.ZERO);
}
