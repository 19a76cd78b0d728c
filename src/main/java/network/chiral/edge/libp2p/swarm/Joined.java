// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

/// How a joined pair of streams came to its end.
///
/// @param end why
/// @param bytesForward payload that went from the first stream to the second
/// @param bytesBackward payload that went the other way
public record Joined(End end, long bytesForward, long bytesBackward) {
    /// Why a pair ended.
    public enum End {
        /// Both sides closed their writing side.
        CLOSED,
        /// The first stream was reset, or its connection was lost.
        FIRST_RESET,
        /// The second stream was reset, or its connection was lost.
        SECOND_RESET,
        /// One direction used up its bytes.
        BYTES_SPENT,
        /// The pair used up its time.
        TIME_SPENT,
        /// Whoever joined the pair ended it.
        STOPPED
    }
}
