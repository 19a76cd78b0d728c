// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.time.Duration;

/// What the servers of both versions do for others, per minute; each number is at least 1.
///
/// @param requests of version 2 that are served (go-libp2p: 60)
/// @param requestsPerPeer of one peer (go-libp2p: 12)
/// @param dialDataRequests of all, that lead to another IP than the client's (go-libp2p: 12)
/// @param dials of version 1 (go-libp2p and rust-libp2p: 30)
/// @param dialsPerPeer of version 1 for one peer (go-libp2p and rust-libp2p: 3)
/// @param dialPatience for one dial of version 2 (go-libp2p: 10 s)
/// @param verdictPatience for all dials of one request of version 1; a failure is not told before, so
///     that nobody scans ports by our answers (go-libp2p: 15 s)
/// @param dialDataPause at most, before another IP is dialled, so that no crowd of servers dials it at
///     the same moment (go-libp2p: 3 s)
public record AutoNatLimits(
        int requests,
        int requestsPerPeer,
        int dialDataRequests,
        int dials,
        int dialsPerPeer,
        Duration dialPatience,
        Duration verdictPatience,
        Duration dialDataPause) {

    /// go-libp2p's numbers.
    public static final AutoNatLimits DEFAULT =
            new AutoNatLimits(
                    60,
                    12,
                    12,
                    30,
                    3,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(3));

    /// Requests of version 2 under way for one peer (go-libp2p's maxConcurrentRequestsPerPeer).
    public static final int AT_ONCE = 2;

    /// Requests of version 1 under way for one peer (rust-libp2p: "dial-back already ongoing").
    public static final int DIALS_AT_ONCE = 1;

    public AutoNatLimits {
        if (requests < 1
                || requestsPerPeer < 1
                || dialDataRequests < 1
                || dials < 1
                || dialsPerPeer < 1) {
            throw new IllegalArgumentException("a limit of AutoNAT is at least 1");
        }
        if (dialPatience.toMillis() < 1
                || verdictPatience.toMillis() < 1
                || dialDataPause.isNegative()) {
            throw new IllegalArgumentException("a patience of AutoNAT is positive");
        }
    }
}
