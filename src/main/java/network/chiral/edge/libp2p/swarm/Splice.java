// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import org.jspecify.annotations.Nullable;

/// Two streams whose bytes go to each other, without a thread and without a copy.
///
/// Each direction hands slices from its source's loop to its target's: at once where that is the same
/// loop, else as one task per burst. Credit goes back to the source only when the target's socket took
/// the bytes, so a reader that stalls holds at most one window each way.
final class Splice implements LoopTimers.Ticked {
    private final MuxedStream first;
    private final MuxedStream second;
    private final Allowance allowance;
    private final LoopTimers timers;
    private final long deadline; // nanoTime, 0 for none
    private final Way forward;
    private final Way backward;
    private final CompletableFuture<Joined> end = new CompletableFuture<>();
    private final AtomicInteger waysOpen = new AtomicInteger(2);

    Splice(MuxedStream first, MuxedStream second, Allowance allowance, LoopTimers timers) {
        this.first = first;
        this.second = second;
        this.allowance = allowance;
        this.timers = timers;
        long nanos = allowance.duration().toNanos();
        this.deadline = nanos == 0 ? 0 : System.nanoTime() + nanos;
        this.forward = new Way(first, second, Joined.End.FIRST_RESET);
        this.backward = new Way(second, first, Joined.End.SECOND_RESET);
        forward.reverse = backward;
        backward.reverse = forward;
    }

    CompletableFuture<Joined> end() {
        return end;
    }

    /// Takes what comes out of the first stream; set on its loop.
    Way forward() {
        return forward;
    }

    /// Takes what comes out of the second stream; set on its loop.
    Way backward() {
        return backward;
    }

    /// Starts the clock. Called on the first stream's loop.
    void start() {
        if (deadline != 0) {
            timers.add(first.eventLoop(), this);
        }
    }

    @Override
    public void onTick(long now) {
        if (now - deadline >= 0) {
            finish(Joined.End.TIME_SPENT);
        }
    }

    private void wayEnded() {
        if (waysOpen.decrementAndGet() == 0) {
            complete(Joined.End.CLOSED);
        }
    }

    /// Resets both streams.
    private void finish(Joined.End why) {
        if (complete(why)) {
            on(first.eventLoop(), first::reset);
            on(second.eventLoop(), second::reset);
        }
    }

    private boolean complete(Joined.End why) {
        boolean ours = end.complete(new Joined(why, forward.bytes, backward.bytes));
        if (ours && deadline != 0) {
            on(first.eventLoop(), () -> timers.remove(first.eventLoop(), this));
        }
        return ours;
    }

    private static void on(EventLoop loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /// One direction: the consumer of its source, and the writer of its target.
    final class Way implements MuxedStream.Consumer {
        private final MuxedStream source;
        private final MuxedStream target;
        private final Joined.End whenReset;
        private final boolean sameLoop;

        @SuppressWarnings("NullAway.Init") // set by the splice's constructor
        private Way reverse;

        private volatile long bytes; // written on the source's loop
        private final ArrayDeque<ByteBuf> handover = new ArrayDeque<>(); // guarded by itself
        private boolean handoverEnds; // guarded by handover
        private boolean handoverScheduled; // guarded by handover
        private final AtomicInteger credit = new AtomicInteger();

        Way(MuxedStream source, MuxedStream target, Joined.End whenReset) {
            this.source = source;
            this.target = target;
            this.whenReset = whenReset;
            this.sameLoop = source.eventLoop().equals(target.eventLoop());
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
        public void onData(ByteBuf data) {
            long limit = allowance.bytesEachWay();
            long left = limit == 0 ? Long.MAX_VALUE : limit - bytes;
            int length = data.readableBytes();
            if (length > left) {
                data.writerIndex(data.readerIndex() + (int) left);
            }
            bytes += data.readableBytes();
            pass(data, false);
            if (length > left) {
                finish(Joined.End.BYTES_SPENT);
            }
        }

        @Override
        public void onEnd() {
            pass(null, true);
        }

        @Override
        public void onReset() {
            finish(whenReset);
        }

        /// The source's socket took bytes that the other direction had written.
        @Override
        public void onWritten(int count) {
            reverse.written(count);
        }

        /// The source got the end of the other direction, behind all that was queued for it.
        @Override
        public void onWriteClosed() {
            wayEnded();
        }

        private void pass(@Nullable ByteBuf data, boolean ends) {
            if (sameLoop) {
                deliver(data, ends);
                return;
            }
            synchronized (handover) {
                if (data != null) {
                    handover.add(data);
                }
                handoverEnds |= ends;
                if (handoverScheduled) {
                    return;
                }
                handoverScheduled = true;
            }
            target.eventLoop().execute(this::deliverHandover);
        }

        private void deliverHandover() {
            boolean ends;
            ByteBuf[] waiting;
            synchronized (handover) {
                handoverScheduled = false;
                waiting = handover.toArray(new ByteBuf[0]);
                handover.clear();
                ends = handoverEnds;
                handoverEnds = false;
            }
            for (var data : waiting) {
                deliver(data, false);
            }
            if (ends) {
                deliver(null, true);
            }
        }

        private void deliver(@Nullable ByteBuf data, boolean ends) {
            if (data != null) {
                target.write(data);
            }
            if (ends) {
                target.closeWrite();
            }
        }

        /// `count` bytes of this direction are out of our hands.
        private void written(int count) {
            if (sameLoop) {
                source.consumed(count);
            } else if (credit.getAndAdd(count) == 0) {
                source.eventLoop().execute(() -> source.consumed(credit.getAndSet(0)));
            }
        }
    }
}
