// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer;

import java.time.Duration;
import java.util.Optional;

/// A secure channel that carries streams. Every method is called on its event loop.
public interface MuxedConnection {
    /// Told what happens on the connection, on its event loop.
    interface Listener {
        /// The remote wants to open a stream; false to have it reset.
        default boolean takesStream() {
            return true;
        }

        /// The remote opened a stream.
        void onStream(MuxedStream stream);

        /// A stream was reset, because the host holds as many unread bytes as it may.
        default void onOverload() {}

        /// A stream is gone.
        ///
        /// @param taken true for one that the remote opened
        default void onStreamGone(boolean taken) {}

        /// The remote takes no new stream any more (GoAway 0); told once.
        default void onGoAway() {}

        /// The connection is over, for a reason in a few words. Every stream was told before.
        void onClosed(String reason);
    }

    /// Opens a stream; empty where the connection takes no more.
    Optional<MuxedStream> open();

    /// Streams open now, of both directions. Safe for use by many threads.
    int streamCount();

    /// The latest round trip measured, or empty before the first.
    Optional<Duration> roundTrip();

    /// Measures the round trip, unless that is under way.
    void measureRoundTrip();

    /// Asks a remote for a sign of life that was silent for `interval`, and closes the connection where a
    /// question was not answered for as long. To be called three times in an interval.
    ///
    /// @param now by System.nanoTime
    /// @param interval in nanoseconds
    void keepAlive(long now, long interval);

    /// Tells the remote that no new stream is welcome (GoAway 0); open ones go on.
    void goAway();

    /// Says goodbye and closes.
    void close();
}
