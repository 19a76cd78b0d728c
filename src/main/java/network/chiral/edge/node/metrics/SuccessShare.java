// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.metrics;

import java.util.BitSet;

/// The share of successes among the last 100 of something (go-libp2p's window).
final class SuccessShare {
    private static final int WINDOW = 100;

    private final BitSet successes = new BitSet(WINDOW);
    private long count;

    synchronized void add(boolean success) {
        successes.set((int) (count++ % WINDOW), success);
    }

    /// NaN before the first.
    synchronized double share() {
        return count == 0 ? Double.NaN : (double) successes.cardinality() / Math.min(count, WINDOW);
    }
}
