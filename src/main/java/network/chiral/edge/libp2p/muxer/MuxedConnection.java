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

        /// A stream that was taken is gone.
        default void onStreamGone() {}

        /// The remote takes no new stream any more (GoAway 0); told once.
        default void onGoAway() {}

        /// The connection is over, for a reason in a few words. Every stream was told before.
        void onClosed(String reason);
    }

    /// Opens a stream; empty where the connection takes no more.
    Optional<MuxedStream> open();

    /// Streams open now, of both directions.
    int streamCount();

    /// The latest round trip measured, or empty before the first.
    Optional<Duration> roundTrip();

    /// Measures the round trip, and closes the connection where the measurement before was not answered.
    void keepAlive();

    /// Tells the remote that no new stream is welcome (GoAway 0); open ones go on.
    void goAway();

    /// Says goodbye and closes.
    void close();
}
