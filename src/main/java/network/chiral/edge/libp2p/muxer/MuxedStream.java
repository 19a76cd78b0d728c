// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/// One stream of a multiplexed connection, as events. Every method is called on [#eventLoop].
public interface MuxedStream {
    /// Bytes that either side may send before it was given any credit (yamux/README.md: 256 KiB).
    int FIRST_WINDOW = 256 * 1024;

    /// Takes what comes in, told on the event loop.
    interface Consumer {
        /// Payload; the consumer owns the buffer, and calls [MuxedStream#consumed] once the bytes are
        /// out of its hands: only that lets the sender send more.
        void onData(ByteBuf data);

        /// The remote sends no more.
        void onEnd();

        /// The stream is gone, by the remote's reset or with its connection. Told once, and not after
        /// an own [MuxedStream#reset].
        void onReset();

        /// The socket took `bytes` of what was written.
        default void onWritten(int bytes) {}

        /// The remote gave credit: see [MuxedStream#window].
        default void onCredit() {}

        /// After [MuxedStream#closeWrite], everything has left, the end included.
        default void onWriteClosed() {}
    }

    EventLoop eventLoop();

    /// Sets who is told from now on. What came before, while nobody was set, is told at once.
    void consumer(Consumer consumer);

    /// Queues bytes to be sent as the remote's window and the other streams allow. Takes ownership.
    /// Without effect on a stream that is closed for writing or gone.
    void write(ByteBuf data);

    /// Bytes of [#write] that the socket has not taken yet.
    long unwritten();

    /// How many bytes more than are queued the remote takes now; below 0 where that many have to wait.
    long window();

    /// Sends no more after what is queued.
    void closeWrite();

    /// Ends both directions at once and drops what is queued.
    void reset();

    /// Lets `bytes` go that came in, and gives the sender as much credit, once that is worth a frame.
    default void consumed(int bytes) {
        letGo(bytes);
        credit(bytes, false);
    }

    /// Tells that `bytes` of what came in are out of the consumer's hands. Credit is another matter.
    void letGo(int bytes);

    /// Gives `bytes` of credit to the sender, once that is worth a frame.
    ///
    /// @param awaited somebody could take more: a sender that has used up its window is told at once
    void credit(int bytes, boolean awaited);

    /// True once the stream takes and gives nothing any more.
    boolean isClosed();
}
