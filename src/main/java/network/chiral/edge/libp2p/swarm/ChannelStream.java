// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import network.chiral.edge.libp2p.multiformats.Varint;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import network.chiral.edge.libp2p.negotiation.DialerNegotiation;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import org.jspecify.annotations.Nullable;

/// Lets a conversation on a virtual thread read and write a muxed stream of an event loop.
///
/// The inbox never holds more than the receive window, because credit is given back only for bytes that
/// the conversation has taken. It holds copies on the heap: a conversation may end without having read
/// everything, and its few bytes must not pin the connection's read buffer until then.
final class ChannelStream implements Stream, MuxedStream.Consumer {
    /// Bytes written and not yet taken by the socket, at which a writer waits.
    private static final int MAX_UNWRITTEN = 64 * 1024;

    /// Credit is given back in portions: a task on the loop costs more than a short message.
    private static final int CREDIT_PORTION = 32 * 1024;

    private final ChannelConnection connection;
    private final MuxedStream muxed;
    private final ProtocolId protocol;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private final ArrayDeque<ByteBuf> inbox = new ArrayDeque<>(2);
    private @Nullable DialerNegotiation negotiation;
    private @Nullable IOException failure;
    private boolean ended;
    private boolean joined; // is somebody else's
    private boolean over; // nobody reads any more
    private int unwritten;
    private int uncredited;
    private long deadline; // nanoTime, 0 for none

    ChannelStream(
            ChannelConnection connection,
            MuxedStream muxed,
            ProtocolId protocol,
            @Nullable DialerNegotiation negotiation) {
        this.connection = connection;
        this.muxed = muxed;
        this.protocol = protocol;
        this.negotiation = negotiation;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public ProtocolId protocol() {
        return protocol;
    }

    // --- told by the event loop

    @Override
    public void onData(ByteBuf data) {
        lock.lock();
        try {
            if (failure == null && !over) {
                inbox.add(Unpooled.copiedBuffer(data));
                changed.signalAll();
            }
        } finally {
            lock.unlock();
            data.release();
        }
    }

    @Override
    public void onEnd() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onReset() {
        fail(new IOException("the stream was reset"));
    }

    private void fail(IOException why) {
        lock.lock();
        try {
            if (failure == null) {
                failure = why;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onWritten(int bytes) {
        lock.lock();
        try {
            unwritten = Math.max(0, unwritten - bytes);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // --- the conversation

    @Override
    public void deadline(Duration patience) {
        lock.lock();
        try {
            deadline = System.nanoTime() + patience.toNanos();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public byte[] readMessage(int maxLength) throws IOException {
        long length = 0;
        for (int shift = 0; ; shift += 7) {
            if (shift == 7 * Varint.MAX_LENGTH) {
                throw new ProtocolViolation("a length of more than 9 bytes");
            }
            byte next = read(1)[0];
            length |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                break;
            }
        }
        if (length > maxLength) {
            throw new ProtocolViolation(
                    "a message of " + length + " bytes, " + maxLength + " are allowed");
        }
        return read((int) length);
    }

    @Override
    public byte[] read(int length) throws IOException {
        var bytes = new byte[length];
        lock.lock();
        try {
            int at = 0;
            while (at < length) {
                if (!awaitBytes()) {
                    throw new EOFException("the remote ended the stream");
                }
                at += take(bytes, at);
            }
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean atEnd() throws IOException {
        lock.lock();
        try {
            return !awaitBytes();
        } finally {
            lock.unlock();
        }
    }

    private int take(byte[] bytes, int at) {
        var head = inbox.getFirst();
        int count = Math.min(head.readableBytes(), bytes.length - at);
        head.readBytes(bytes, at, count);
        if (!head.isReadable()) {
            inbox.removeFirst();
        }
        uncredited += count;
        if (uncredited >= CREDIT_PORTION) {
            int portion = uncredited;
            uncredited = 0;
            onLoop(() -> muxed.consumed(portion));
        }
        return count;
    }

    /// Waits for payload; false at the end. The proposal's answer, where one is due, is taken first; what
    /// came before a reset can still be read.
    private boolean awaitBytes() throws IOException {
        while (true) {
            if (negotiation != null) {
                takeAnswer();
            }
            if (negotiation == null && !inbox.isEmpty()) {
                return true;
            }
            if (failure != null) {
                throw new IOException(failure.getMessage(), failure);
            }
            if (ended) {
                return false;
            }
            awaitChange();
        }
    }

    private void takeAnswer() throws IOException {
        var pending = negotiation;
        if (pending == null || inbox.isEmpty()) {
            return;
        }
        var in = gathered();
        switch (pending.onBytes(in)) {
            case AGREED -> negotiation = null;
            case REFUSED -> {
                reset();
                throw new UnsupportedProtocol(protocol);
            }
            case PENDING -> {}
        }
        if (!in.isReadable()) {
            inbox.removeFirst();
        }
    }

    /// The inbox as one buffer; lines of a negotiation are short, so copying is.
    private ByteBuf gathered() {
        if (inbox.size() > 1) {
            var whole = Unpooled.buffer();
            for (var part : inbox) {
                whole.writeBytes(part);
            }
            inbox.clear();
            inbox.add(whole);
        }
        return inbox.getFirst();
    }

    @SuppressWarnings("WaitNotInLoop") // every caller looks again in a loop
    private void awaitChange() throws IOException {
        try {
            if (deadline == 0) {
                changed.await();
            } else if (changed.awaitNanos(deadline - System.nanoTime()) <= 0) {
                throw new SocketTimeoutException("the remote took too long on " + protocol);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    @Override
    public void writeMessage(byte[] body) throws IOException {
        var message = new byte[Varint.length(body.length) + body.length];
        int at = Varint.put(body.length, message, 0);
        System.arraycopy(body, 0, message, at, body.length);
        write(message);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        lock.lock();
        try {
            while (unwritten > MAX_UNWRITTEN && failure == null) {
                awaitChange();
            }
            if (failure != null) {
                throw new IOException(failure.getMessage(), failure);
            }
            unwritten += bytes.length;
        } finally {
            lock.unlock();
        }
        onLoop(() -> muxed.write(Unpooled.wrappedBuffer(bytes)));
    }

    @Override
    public void closeWrite() {
        onLoop(muxed::closeWrite);
    }

    @Override
    public void reset() {
        fail(new IOException("the stream was reset by this side"));
        onLoop(muxed::reset);
        lock.lock();
        try {
            if (!joined) {
                inbox.clear();
            }
        } finally {
            lock.unlock();
        }
    }

    private void onLoop(Runnable task) {
        try {
            muxed.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            fail(new IOException("the node is shutting down", e));
        }
    }

    /// Sends no more, and takes no more either: what the remote goes on sending is dropped, and no
    /// window is given back for it.
    void conversationOver() {
        lock.lock();
        try {
            if (joined) {
                return;
            }
            over = true;
            inbox.clear();
        } finally {
            lock.unlock();
        }
        closeWrite();
    }

    // --- passing it on

    MuxedStream muxed() {
        return muxed;
    }

    /// Passes the stream to `next`, which takes it over on its event loop after `started` has run there.
    void become(MuxedStream.Consumer next, Runnable started) {
        lock.lock();
        try {
            joined = true; // at once: the conversation may be over before the event loop takes it
        } finally {
            lock.unlock();
        }
        muxed.eventLoop()
                .execute(() -> {
                    started.run();
                    var left = leave();
                    left.forEach(next::onData);
                    muxed.consumer(next);
                });
    }

    /// Gives away what was not taken, and the credit for what was.
    private List<ByteBuf> leave() {
        lock.lock();
        try {
            muxed.consumed(uncredited);
            uncredited = 0;
            if (failure != null) {
                return List.of();
            }
            var left = new ArrayList<>(inbox);
            inbox.clear();
            return left;
        } finally {
            lock.unlock();
        }
    }
}
