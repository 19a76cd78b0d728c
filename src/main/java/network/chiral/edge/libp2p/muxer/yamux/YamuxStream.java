// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer.yamux;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

/// One stream's state, queue and windows.
///
/// ```
/// remote: open --onFin--> ended          own: open --closeWrite, queue drained--> FIN sent
/// both ended, or onRst, or reset() ----> closed, and forgotten by the session
/// ```
final class YamuxStream implements MuxedStream {
    /// A stalled queue of more slices than this is copied into one buffer, so that small slices cannot
    /// pin many large read buffers.
    private static final int MAX_PENDING_SLICES = 16;

    /// A stream that holds less than this is spared where the host's memory is spent: a request, not
    /// a flood; the number of streams bounds them.
    private static final int SPARED = 4 * 1024;

    private final YamuxSession session;
    final int id;

    // sending
    private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>(2);
    private long sendWindow = Frame.INITIAL_WINDOW;
    private int pendingFlags; // SYN or ACK, due on the next frame
    private boolean unacknowledged;
    private boolean closeRequested;
    private boolean finSent;
    private boolean writeCloseTold;
    private long unwritten;
    private long queued; // of them, not sealed yet
    boolean queuedForOutput;

    // receiving
    private int receiveWindow = Frame.INITIAL_WINDOW; // granted in full
    private int receiveLeft = Frame.INITIAL_WINDOW; // what the remote may still send
    private int credit; // consumed, not yet told the remote
    private long creditSince; // nanoTime of the last update, for growth
    private boolean remoteEnded;
    private int held; // came in, and was not consumed

    private boolean closed;
    private boolean wasReset; // closed by the remote's reset, or with the connection
    private @Nullable Consumer consumer;
    private @Nullable ArrayDeque<ByteBuf> early; // came before anybody listened

    YamuxStream(YamuxSession session, int id, boolean openedHere) {
        this.session = session;
        this.id = id;
        this.unacknowledged = openedHere;
        this.pendingFlags = openedHere ? Frame.SYN : Frame.ACK;
        this.creditSince = System.nanoTime();
    }

    @Override
    public EventLoop eventLoop() {
        return session.channel.eventLoop();
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    // --- receiving

    @Override
    public void consumer(Consumer next) {
        consumer = next;
        var waiting = early;
        early = null;
        while (waiting != null && !waiting.isEmpty()) {
            next.onData(waiting.poll());
        }
        if (wasReset || closed && !remoteEnded) {
            next.onReset();
        } else if (remoteEnded) {
            next.onEnd();
        }
        if (finSent && !wasReset) {
            writeCloseTold = true;
            next.onWriteClosed();
        }
    }

    /// A data frame of `length` bytes begins.
    void onDataHeader(int length) throws MalformedMessage {
        if (remoteEnded && length == 0) {
            return; // rust-yamux 0.14 sends FIN a second time when both ends of its stream are
            // dropped
        }
        if (remoteEnded) {
            throw new MalformedMessage(length + " bytes of data behind FIN on stream " + id);
        }
        if (length > receiveLeft) {
            throw new MalformedMessage("data beyond the window on stream " + id);
        }
        receiveLeft -= length;
    }

    /// Payload of the data frame under way. Takes ownership.
    void onPayload(ByteBuf data) {
        if (closed) {
            data.release();
            return;
        }
        held += data.readableBytes();
        if (!session.budget.hold(data.readableBytes()) && held > SPARED) {
            data.release();
            onOverload();
        } else if (consumer != null) {
            consumer.onData(data);
        } else {
            if (early == null) {
                early = new ArrayDeque<>(2);
            }
            early.add(data);
        }
    }

    /// The host holds as much as it may: this stream ends, for both sides.
    private void onOverload() {
        session.output.control(Frame.WINDOW_UPDATE, takeFlags() | Frame.RST, id, 0);
        session.overloaded();
        onReset();
    }

    void onAck() {
        if (unacknowledged) {
            unacknowledged = false;
            session.acknowledged();
        }
    }

    void onFin() {
        if (remoteEnded || closed) {
            return;
        }
        remoteEnded = true;
        if (consumer != null) {
            consumer.onEnd();
        }
        forgetIfDone();
    }

    void onWindowUpdate(long delta) throws MalformedMessage {
        sendWindow += delta;
        if (sendWindow > 0xFFFF_FFFFL) {
            throw new MalformedMessage("a window of more than 32 bits on stream " + id);
        }
        if (!queue.isEmpty()) {
            session.output.ready(this);
        }
        if (delta > 0 && !closed && consumer != null) {
            consumer.onCredit();
        }
    }

    @Override
    public void letGo(int bytes) {
        int known = Math.min(bytes, held);
        held -= known;
        session.budget.letGo(known);
    }

    @Override
    public void credit(int bytes, boolean awaited) {
        if (closed || remoteEnded) {
            return;
        }
        credit += bytes;
        boolean much = credit >= receiveWindow / 2;
        if (much) {
            grow();
        }
        if (much || awaited && receiveLeft == 0 && credit > 0) {
            receiveLeft += credit;
            session.output.control(Frame.WINDOW_UPDATE, takeFlags(), id, credit);
            credit = 0;
            creditSince = System.nanoTime();
        }
    }

    /// Doubles the window where half of it was used up within four round trips: then the window, not
    /// the path, is what slows the sender (the rule of go-yamux).
    private void grow() {
        long roundTrip = session.roundTripNanos();
        int max = session.limits.maxWindow();
        session.measureUnderLoad(); // so that the next update knows
        if (roundTrip == 0
                || receiveWindow >= max
                || System.nanoTime() - creditSince > 4 * roundTrip) {
            return;
        }
        int more = Math.min(receiveWindow, max - receiveWindow);
        if (session.budget.take(more)) {
            receiveWindow += more;
            credit += more;
        }
    }

    // --- sending

    @Override
    public void write(ByteBuf data) {
        if (closed || closeRequested || !data.isReadable()) {
            data.release();
            return;
        }
        queue.add(data);
        unwritten += data.readableBytes();
        queued += data.readableBytes();
        session.output.ready(this);
    }

    @Override
    public void closeWrite() {
        if (closed || closeRequested) {
            return;
        }
        closeRequested = true;
        session.output.ready(this);
    }

    /// How many bytes may leave now.
    int sendable() {
        var head = queue.peek();
        return head == null ? 0 : (int) Math.min(sendWindow, session.limits.maxFrame());
    }

    boolean hasSomethingToSend() {
        return !closed && (!queue.isEmpty() && sendWindow > 0 || finDue() || synDue());
    }

    private boolean finDue() {
        return closeRequested && !finSent && queue.isEmpty();
    }

    private boolean synDue() {
        return (pendingFlags & Frame.SYN) != 0;
    }

    /// The head of the queue, or null.
    @Nullable ByteBuf head() {
        return queue.peek();
    }

    /// Takes `bytes` off the send window.
    void used(int bytes) {
        sendWindow -= bytes;
        queued -= bytes;
    }

    /// Takes the queue's head away, which was sent whole.
    void pollHead() {
        queue.poll();
    }

    /// The flags due on the frame that leaves now; FIN where it is the last.
    int takeFlags() {
        int flags = pendingFlags;
        pendingFlags = 0;
        return flags;
    }

    int takeFin() {
        if (!finDue()) {
            return 0;
        }
        finSent = true;
        return Frame.FIN;
    }

    void afterSending() {
        forgetIfDone();
        if (finSent && !writeCloseTold && consumer != null) {
            writeCloseTold = true;
            consumer.onWriteClosed();
        }
        if (queue.size() > MAX_PENDING_SLICES && sendWindow == 0) {
            compact();
        }
    }

    private void compact() {
        int length = 0;
        for (var slice : queue) {
            length += slice.readableBytes();
        }
        var whole = session.channel.allocator().directBuffer(length);
        for (var slice : queue) {
            whole.writeBytes(slice);
            slice.release();
        }
        queue.clear();
        queue.add(whole);
    }

    @Override
    public long unwritten() {
        return unwritten;
    }

    @Override
    public long window() {
        return sendWindow - queued;
    }

    void onWritten(int bytes) {
        unwritten -= bytes;
        if (!closed && consumer != null) {
            consumer.onWritten(bytes);
        }
    }

    // --- ends

    private void forgetIfDone() {
        if (!closed && remoteEnded && finSent) {
            closed = true;
            session.forget(this);
            release();
        }
    }

    @Override
    public void reset() {
        if (closed) {
            return;
        }
        closed = true;
        session.output.control(Frame.WINDOW_UPDATE, takeFlags() | Frame.RST, id, 0);
        session.forget(this);
        release();
    }

    /// The remote reset the stream, or the connection is gone.
    void onReset() {
        if (closed) {
            return;
        }
        closed = true;
        wasReset = true;
        session.forget(this);
        release();
        if (consumer != null) {
            consumer.onReset();
        }
    }

    private void release() {
        letGo(held);
        if (unacknowledged) {
            onAck();
        }
        if (receiveWindow > Frame.INITIAL_WINDOW) {
            session.budget.giveBack(receiveWindow - Frame.INITIAL_WINDOW);
            receiveWindow = Frame.INITIAL_WINDOW;
        }
        queue.forEach(ByteBuf::release);
        queue.clear();
        // bytes that came before a clean end are still owed to a consumer
        if (early != null && !remoteEnded) {
            early.forEach(ByteBuf::release);
            early = null;
        }
    }
}
