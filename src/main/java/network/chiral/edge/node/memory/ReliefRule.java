// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.memory;

/// Tells when it is worth looking for memory that nobody needs any more: a crowd has come, and what its
/// handshakes needed lies about, or one has left.
///
/// Pure: it sees one number after the other. Not safe for use by several threads.
final class ReliefRule {
    /// A smaller crowd leaves too little behind: some 6 KiB of heap for each connection.
    private static final int CROWD = 128;

    /// A collection stops the node for some 20 ms per thousand connections, so one for a crowd that has
    /// come is made when the number has doubled, not for each hundred.
    private static final int GROWTH = 2;

    /// Of a larger crowd each one costs little, and the collection takes longer than that is worth.
    private static final int LARGEST = 2048;

    private int settled;
    private int peak;
    private int previous;

    /// Takes the number of connections and circuits of now.
    ///
    /// @return true where it is at most half of the largest since the last relief, or at least twice
    ///     of what it was then and not too many, and stands: while a crowd comes or leaves, a collection would only have
    ///     to be made again
    boolean isDue(int now) {
        boolean due = now >= previous && (hasLeft(now) || hasCome(now));
        peak = Math.max(peak, now);
        previous = now;
        if (due) {
            peak = now;
            settled = now;
        }
        return due;
    }

    private boolean hasLeft(int now) {
        return peak >= CROWD && now <= peak / 2;
    }

    private boolean hasCome(int now) {
        boolean stands = now - previous <= previous / 16;
        return stands && now <= LARGEST && now - settled >= CROWD && now >= GROWTH * settled;
    }
}
