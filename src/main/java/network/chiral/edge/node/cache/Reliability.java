// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

/// How far a peer is to be trusted with the next transfer, by the formula Chiral's client uses.
///
/// The formula also weighs uptime, which Chiral never measures: with its constant the score of a peer
/// that has transferred anything lies between 0.15 and 0.85.
public final class Reliability {
    /// The score of a peer that has not transferred anything yet.
    public static final double NEW_PEER = 0.5;

    private static final double UPTIME = 0.5;
    private static final double UNKNOWN_LATENCY = 0.5;
    private static final long WORST_LATENCY_MS = 1_000;

    private Reliability() {}

    /// @param averageLatencyMs 0 is unknown
    public static double score(long successful, long failed, long averageLatencyMs) {
        if (successful + failed == 0) {
            return NEW_PEER;
        }
        double success = (double) successful / (successful + failed);
        return Math.min(1, 0.4 * success + 0.3 * latencyScore(averageLatencyMs) + 0.3 * UPTIME);
    }

    private static double latencyScore(long averageLatencyMs) {
        if (averageLatencyMs == 0) {
            return UNKNOWN_LATENCY;
        }
        return (WORST_LATENCY_MS - Math.min(averageLatencyMs, WORST_LATENCY_MS))
                / (double) WORST_LATENCY_MS;
    }
}
