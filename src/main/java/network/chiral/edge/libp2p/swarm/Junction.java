// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.util.concurrent.CompletionStage;

/// Two streams that were joined, as whoever joined them sees them. Safe for use by many threads.
public interface Junction {
    /// Completed when both streams are at their end.
    CompletionStage<Joined> end();

    /// Ends both streams at once.
    void reset();

    /// Payload that has come from the first stream so far.
    long bytesForward();

    /// Payload that has come from the second stream so far.
    long bytesBackward();

    /// Payload that has come from both streams so far.
    default long bytes() {
        return bytesForward() + bytesBackward();
    }
}
