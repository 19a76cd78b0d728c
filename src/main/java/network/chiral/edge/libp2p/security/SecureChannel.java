// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.security;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;

/// A channel whose bytes are encrypted and whose other end is authenticated.
///
/// Every method is called on the channel's event loop.
public interface SecureChannel {
    /// Takes the plain bytes of a secure channel; told on its event loop.
    interface Consumer {
        /// @param plain valid during the call only; a consumer that keeps bytes retains a slice
        void onPlain(ByteBuf plain);

        /// All that one read burst brought has been delivered.
        void onBurstEnd();

        /// The channel takes more, or has taken enough; see [#isWritable].
        void onWritabilityChanged();

        /// The channel is closed; nothing follows.
        void onClosed();
    }

    EventLoop eventLoop();

    ByteBufAllocator allocator();

    /// Sets who gets plain bytes from now on.
    void consumer(Consumer consumer);

    /// The most plain bytes that one sealed message can carry.
    int maxPlainLength();

    /// Seals the readable bytes of `parts[0..count)`, at most [#maxPlainLength] in sum, as one message
    /// into the outgoing burst. The parts are only read; the caller releases them.
    ///
    /// @param plainLength the sum of the parts' readable bytes
    void seal(ByteBuf[] parts, int count, int plainLength);

    /// Writes the outgoing burst to the socket; `written` is told when the socket took all of it.
    void flush(ChannelFutureListener written);

    /// False while more bytes wait for the socket than the high-water mark allows.
    boolean isWritable();

    /// Closes the channel once what was flushed has been written.
    void close();
}
