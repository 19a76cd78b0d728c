// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.memory;

/// Tells when a crowd has left, so that it is worth looking for what it left behind.
///
/// Pure: it sees one number after the other. Not safe for use by several threads.
final class ReliefRule {
    /// A smaller crowd leaves too little behind: some 6 KiB of heap for each connection.
    private static final int CROWD = 128;

    private int peak;
    private int previous;

    /// Takes the number of connections and circuits of now.
    ///
    /// @return true where at most half of the largest number since the last relief is left, and the
    ///     number falls no more: while a crowd leaves, a collection would only have to be made again
    boolean isDue(int now) {
        boolean falls = now < previous;
        peak = Math.max(peak, now);
        previous = now;
        if (falls || peak < CROWD || now > peak / 2) {
            return false;
        }
        peak = now;
        return true;
    }
}
