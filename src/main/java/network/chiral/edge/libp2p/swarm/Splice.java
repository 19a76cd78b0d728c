// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import org.jspecify.annotations.Nullable;

/// Two streams whose bytes go to each other, without a thread and without a copy.
///
/// Each direction hands slices from its source's loop to its target's: at once where that is the same
/// loop, else as one task per burst. Credit goes back to the source only when the target's socket took
/// the bytes; only for what the target's remote takes and [#AHEAD] beyond, so a reader that stalls costs
/// no memory here; and only when the paces that it goes by allow, so a source that is too fast is slowed
/// by its own window. A window that has grown was used up by a flow, and may wait for it again.
final class Splice implements LoopTimers.Ticked, Junction {
    /// For what is allowed to leave once a direction has used up its bytes; a target that takes nothing
    /// is not waited for any longer (go-yamux gives a write 10 s).
    private static final long DRAIN_PATIENCE_NANOS = 10_000_000_000L;

    /// What a source may send beyond what its target's remote takes, beside what its window has grown
    /// by. A quarter of the first window is less than a receiver thinks worth a frame, so a target that
    /// never reads costs nothing.
    static final int AHEAD = MuxedStream.FIRST_WINDOW / 4;

    private final MuxedStream first;
    private final MuxedStream second;
    private final Allowance allowance;
    private final List<Pace> paces;
    private final LoopTimers timers;
    private final long began = System.nanoTime();
    private final Way forward;
    private final Way backward;
    private final CompletableFuture<Joined> end = new CompletableFuture<>();
    private final AtomicInteger waysOpen = new AtomicInteger(2);

    // touched on the first stream's loop
    private long deadline; // nanoTime
    private boolean hasDeadline;
    private Joined.End whenOver = Joined.End.TIME_SPENT;

    Splice(
            MuxedStream first,
            MuxedStream second,
            Allowance allowance,
            List<Pace> paces,
            LoopTimers timers) {
        this.first = first;
        this.second = second;
        this.allowance = allowance;
        this.paces = List.copyOf(paces);
        this.timers = timers;
        this.forward = new Way(first, second, Joined.End.FIRST_RESET);
        this.backward = new Way(second, first, Joined.End.SECOND_RESET);
        forward.reverse = backward;
        backward.reverse = forward;
    }

    @Override
    public CompletableFuture<Joined> end() {
        return end;
    }

    @Override
    public void reset() {
        finish(Joined.End.STOPPED);
    }

    @Override
    public long bytesForward() {
        return forward.bytes;
    }

    @Override
    public long bytesBackward() {
        return backward.bytes;
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
        long nanos = allowance.duration().toNanos();
        if (nanos != 0 && !end.isDone()) {
            deadline(began + nanos);
        }
    }

    private void deadline(long next) {
        deadline = next;
        hasDeadline = true;
        timers.add(first.eventLoop(), this);
    }

    @Override
    public void onTick(long now) {
        if (now - deadline >= 0) {
            finish(whenOver);
        }
    }

    /// A direction has used up its bytes: what is allowed of them has some seconds to leave.
    private void endSoon() {
        on(
                first.eventLoop(),
                () -> {
                    long patience = System.nanoTime() + DRAIN_PATIENCE_NANOS;
                    if (!end.isDone() && (!hasDeadline || deadline - patience > 0)) {
                        whenOver = Joined.End.BYTES_SPENT;
                        deadline(patience);
                    }
                });
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
        if (ours) {
            on(first.eventLoop(), this::stopTicking);
        }
        return ours;
    }

    private void stopTicking() {
        if (hasDeadline) {
            timers.remove(first.eventLoop(), this);
        }
    }

    static void on(EventLoop loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /// One direction: the consumer of its source, and the writer of its target.
    final class Way implements MuxedStream.Consumer, LoopTimers.Ticked {
        private final MuxedStream source;
        private final MuxedStream target;
        private final Joined.End whenReset;
        private final boolean sameLoop;

        @SuppressWarnings("NullAway.Init") // set by the splice's constructor
        private Way reverse;

        private volatile long bytes; // written on the source's loop
        private volatile boolean spent; // likewise
        private final ArrayDeque<ByteBuf> handover = new ArrayDeque<>(); // guarded by itself
        private boolean handoverEnds; // guarded by handover
        private boolean handoverScheduled; // guarded by handover
        private final AtomicInteger gone = new AtomicInteger();
        private final AtomicInteger credit = new AtomicInteger();
        private final AtomicBoolean givingBack = new AtomicBoolean();
        private volatile boolean awaited;

        // touched on the target's loop
        private long delivered; // to the target
        private long left; // of them, what its socket took
        private long given; // of them, as credit to the source
        private boolean waiting;

        Way(MuxedStream source, MuxedStream target, Joined.End whenReset) {
            this.source = source;
            this.target = target;
            this.whenReset = whenReset;
            this.sameLoop = source.eventLoop().equals(target.eventLoop());
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
        public void onData(ByteBuf data) {
            if (spent) {
                data.release();
                return;
            }
            long limit = allowance.bytesEachWay();
            long allowed = limit == 0 ? Long.MAX_VALUE : limit - bytes;
            int length = data.readableBytes();
            if (length > allowed) {
                data.writerIndex(data.readerIndex() + (int) allowed);
            }
            bytes += data.readableBytes();
            pass(data, false);
            if (length > allowed) {
                spent = true;
                on(target.eventLoop(), this::finishIfAllHasLeft);
                endSoon();
            }
        }

        /// Tells that the source's stream is this direction's from now on. Called on the source's loop.
        void taken() {
            reverse.written();
        }

        @Override
        public void onEnd() {
            if (!spent) {
                pass(null, true);
            }
        }

        @Override
        public void onReset() {
            finish(whenReset);
        }

        /// The source's socket took bytes that the other direction had written.
        @Override
        public void onWritten(int count) {
            reverse.written();
        }

        /// The source takes more of the other direction.
        @Override
        public void onCredit() {
            reverse.written();
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
            ByteBuf[] arrived;
            synchronized (handover) {
                handoverScheduled = false;
                arrived = handover.toArray(new ByteBuf[0]);
                handover.clear();
                ends = handoverEnds;
                handoverEnds = false;
            }
            for (var data : arrived) {
                deliver(data, false);
            }
            if (ends) {
                deliver(null, true);
            }
        }

        private void deliver(@Nullable ByteBuf data, boolean ends) {
            if (data != null) {
                delivered += data.readableBytes();
                target.write(data);
            }
            if (ends) {
                target.closeWrite();
            }
        }

        /// Bytes of this direction may be out of our hands. Called on the target's loop.
        ///
        /// What the target's conversation wrote before it was joined may still be on its way; it leaves
        /// first, so what is left unwritten is the newest.
        void written() {
            long now = Math.max(left, delivered - target.unwritten());
            int count = (int) (now - left);
            left = now;
            if (spent) {
                finishIfAllHasLeft();
                return;
            }
            if (paces.isEmpty()) {
                giveBack(count, due());
                return;
            }
            long time = System.nanoTime();
            paces.forEach(pace -> pace.pay(count, time));
            giveBackOrWait(count, time);
        }

        /// Credit that the source may have now: for what left, as far as the target takes what comes for it.
        private int due() {
            long taken = delivered + target.window() - MuxedStream.FIRST_WINDOW + AHEAD;
            return (int) Math.max(0, Math.min(left, taken) - given);
        }

        private void finishIfAllHasLeft() {
            if (delivered == bytes && target.unwritten() == 0) {
                finish(Joined.End.BYTES_SPENT);
            }
        }

        private void giveBackOrWait(int count, long now) {
            boolean open = paces.stream().allMatch(pace -> pace.isOpen(now));
            giveBack(count, open ? due() : 0);
            boolean wait = !open && left > given && !end.isDone();
            if (wait != waiting) {
                waiting = wait;
                if (wait) {
                    timers.add(target.eventLoop(), this);
                } else {
                    timers.remove(target.eventLoop(), this);
                }
            }
        }

        @Override
        public void onTick(long now) {
            giveBackOrWait(0, now);
        }

        /// @param count bytes that have left
        /// @param due credit for as many, or for more or fewer
        private void giveBack(int count, int due) {
            if (count == 0 && due == 0) {
                return;
            }
            given += due;
            boolean awaitsMore = given < left && target.window() > 0;
            if (sameLoop) {
                source.letGo(count);
                source.credit(due, awaitsMore);
            } else {
                gone.addAndGet(count);
                credit.addAndGet(due);
                awaited = awaitsMore;
                if (!givingBack.getAndSet(true)) {
                    source.eventLoop().execute(this::giveBackThere);
                }
            }
        }

        private void giveBackThere() {
            givingBack.set(false);
            source.letGo(gone.getAndSet(0));
            source.credit(credit.getAndSet(0), awaited);
        }
    }
}
