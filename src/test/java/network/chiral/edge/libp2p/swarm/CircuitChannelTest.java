// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A circuit whose far end takes as much as the test says, when it says so.
class CircuitChannelTest {
    private static final int KIB = 1024;
    private static final int CHUNK = 64 * KIB;
    private static final long LONG_AFTER = 3_600_000_000_000L;

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true);
    private final SlowStream stream = new SlowStream();
    private final LoopTimers timers = new LoopTimers(stream.eventLoop(), 1);

    /// What is written waits until [#take].
    private static final class SlowStream implements MuxedStream {
        private final EmbeddedChannel loop = new EmbeddedChannel();
        private final Deque<ByteBuf> queue = new ArrayDeque<>();
        private CircuitChannel told;
        private long before;
        private int consumed;
        private int ends;
        private int resets;

        @Override
        public EventLoop eventLoop() {
            return loop.eventLoop();
        }

        @Override
        public void consumer(Consumer consumer) {}

        @Override
        public void write(ByteBuf data) {
            queue.add(data);
        }

        @Override
        public long unwritten() {
            return before + queue.stream().mapToLong(ByteBuf::readableBytes).sum();
        }

        @Override
        public void closeWrite() {
            ends++;
        }

        @Override
        public void reset() {
            resets++;
            queue.forEach(ByteBuf::release);
            queue.clear();
        }

        @Override
        public void letGo(int bytes) {}

        @Override
        public long window() {
            return FIRST_WINDOW;
        }

        @Override
        public void credit(int bytes, boolean awaited) {
            consumed += bytes;
        }

        @Override
        public boolean isClosed() {
            return resets > 0;
        }

        /// The socket below takes `bytes`.
        void take(int bytes) {
            for (int left = bytes - (int) before; left > 0; ) {
                var head = queue.element();
                int now = Math.min(left, head.readableBytes());
                head.skipBytes(now);
                left -= now;
                if (!head.isReadable()) {
                    queue.remove().release();
                }
            }
            before = Math.max(0, before - bytes);
            told.onWritten(bytes);
        }
    }

    /// Writes whenever it may, and counts what it has written.
    private static final class EagerWriter extends ChannelInboundHandlerAdapter {
        private long written;

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            write(context);
        }

        void write(ChannelHandlerContext context) {
            while (context.channel().isWritable()) {
                written += CHUNK;
                context.writeAndFlush(context.alloc().buffer(CHUNK).writeZero(CHUNK));
            }
        }
    }

    private CircuitChannel channel() {
        var relay = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4001);
        var channel = new CircuitChannel(stream, relay, timers);
        channel.config().setAllocator(memory);
        stream.told = channel;
        stream.eventLoop().register(channel).syncUninterruptibly();
        return channel;
    }

    private ByteBuf bytes(int length) {
        return memory.buffer(length).writeZero(length);
    }

    @AfterEach
    void leavesNoBufferBehind() {
        stream.reset();
        if (stream.told != null) {
            stream.told.onReset();
            stream.loop.runPendingTasks();
        }
        assertThat(memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory()).isZero();
    }

    // --- out

    @Test
    void doesNotAccountForWhatLeftBeforeItTookOver() {
        stream.before = 5;
        var relay = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4001);
        var channel = new CircuitChannel(stream, relay, timers);
        channel.config().setAllocator(memory);
        stream.before = 0; // the socket took it, and the conversation was told
        stream.told = channel;
        stream.eventLoop().register(channel).syncUninterruptibly();

        var written = channel.writeAndFlush(bytes(200));
        stream.take(200);

        assertThat(written.isDone()).isTrue();
    }

    @Test
    void stopsItsWriterWhileTheFarEndIsSlow() {
        var channel = channel();
        var writer = new EagerWriter();
        channel.pipeline().addLast(writer);

        writer.write(channel.pipeline().lastContext());

        assertThat(channel.isWritable()).isFalse();
        assertThat(writer.written).isLessThanOrEqualTo(256 * KIB + CHUNK);
        assertThat(stream.unwritten()).isEqualTo(writer.written);
    }

    @Test
    void holdsBoundedlyManyBytesHoweverLongItIsWrittenTo() {
        var channel = channel();
        var writer = new EagerWriter();
        channel.pipeline().addLast(writer);
        writer.write(channel.pipeline().lastContext());

        for (int i = 0; i < 1_000; i++) {
            stream.take(10_000);
            stream.loop.runPendingTasks();

            assertThat(stream.unwritten()).isLessThanOrEqualTo(256 * KIB + CHUNK);
        }

        assertThat(writer.written).isGreaterThanOrEqualTo(10_000_000);
    }

    @Test
    void isWritableAgainOnceTheFarEndHasTakenMostOfIt() {
        var channel = channel();
        while (channel.isWritable()) {
            channel.writeAndFlush(bytes(CHUNK));
        }
        long held = stream.unwritten();

        stream.take((int) held - 128 * KIB);
        assertThat(channel.isWritable()).isFalse();
        stream.take(CHUNK);

        assertThat(channel.isWritable()).isTrue();
    }

    @Test
    void keepsAPromiseWhenTheBytesHaveLeftAndNotBefore() {
        var channel = channel();
        var first = channel.writeAndFlush(bytes(100));
        var second = channel.writeAndFlush(bytes(50));

        stream.take(99);
        assertThat(first.isDone()).isFalse();
        stream.take(1);
        assertThat(first.isSuccess()).isTrue();
        assertThat(second.isDone()).isFalse();
        stream.take(50);

        assertThat(second.isSuccess()).isTrue();
    }

    @Test
    void countsNotWhatTheConversationBeforeHasWritten() {
        stream.before = 30;
        var channel = channel();
        var first = channel.writeAndFlush(bytes(100));

        stream.take(30);
        assertThat(first.isDone()).isFalse();
        stream.take(100);

        assertThat(first.isSuccess()).isTrue();
    }

    @Test
    void breaksItsPromisesWhereTheStreamIsReset() {
        var channel = channel();
        var promise = channel.writeAndFlush(bytes(100));

        stream.reset();
        channel.onReset();
        stream.loop.runPendingTasks();

        assertThat(promise.isDone()).isTrue();
        assertThat(promise.isSuccess()).isFalse();
        assertThat(channel.isOpen()).isFalse();
    }

    // --- in

    @Test
    void givesCreditForWhatItsHandlersHaveTaken() {
        var channel = channel();
        channel.pipeline()
                .addLast(
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext context, Object data) {
                                assertThat(stream.consumed).isZero();
                                ((ByteBuf) data).release();
                            }
                        });

        channel.onData(bytes(1_000));

        assertThat(stream.consumed).isEqualTo(1_000);
    }

    @Test
    void givesNoCreditAfterItsEnd() {
        var channel = channel();
        channel.close();

        channel.onData(bytes(1_000));

        assertThat(stream.consumed).isZero();
    }

    // --- the end

    @Test
    void endsItsSideAndResetsARemoteThatDoesNotEnd() {
        var channel = channel();

        channel.close();
        assertThat(stream.ends).isEqualTo(1);
        channel.onTick(System.nanoTime());
        assertThat(stream.resets).isZero();
        channel.onTick(System.nanoTime() + LONG_AFTER);

        assertThat(stream.resets).isEqualTo(1);
    }
}
