// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Duration;

/// What all connections of a swarm together may use.
///
/// @param connections open at once; 0 is no limit (the descriptor limit of the process remains)
/// @param inboundHandshakes under way at once; 0 is no limit (go-libp2p's "transient" scope bounds the same)
/// @param handshakeDeadline from the accepted socket to the ready muxer (go-libp2p: 15 s)
/// @param keepAlive between two pings of a connection (go-yamux: 30 s)
/// @param windowGrowthBytes that all streams together may grow their windows by
/// @param admission limits by peer and by address, and what all streams may hold
public record ConnectionLimits(
        int connections,
        int inboundHandshakes,
        Duration handshakeDeadline,
        Duration keepAlive,
        long windowGrowthBytes,
        AdmissionLimits admission) {
    public static final ConnectionLimits DEFAULT =
            new ConnectionLimits(
                    16_384, 1_024, Duration.ofSeconds(15), Duration.ofSeconds(30), 256L << 20);

    /// With the usual admission.
    public ConnectionLimits(
            int connections,
            int inboundHandshakes,
            Duration handshakeDeadline,
            Duration keepAlive,
            long windowGrowthBytes) {
        this(
                connections,
                inboundHandshakes,
                handshakeDeadline,
                keepAlive,
                windowGrowthBytes,
                AdmissionLimits.DEFAULT);
    }

    /// The same but for the admission.
    public ConnectionLimits with(AdmissionLimits other) {
        return new ConnectionLimits(
                connections,
                inboundHandshakes,
                handshakeDeadline,
                keepAlive,
                windowGrowthBytes,
                other);
    }
}
