// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import network.chiral.edge.libp2p.multiformats.Varint;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.ProtocolViolation;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.swarm.UnsupportedProtocol;
import org.jspecify.annotations.Nullable;

/// One end of a stream in memory: what arrives waits here until it is read, and the other end may send
/// no more than a window ahead.
final class MemoryStream implements Stream {
    /// As Yamux begins with.
    static final int WINDOW = 256 * 1024;

    /// A piece of what was written; never copied.
    record Slice(byte[] bytes, int from, int length) {
        Slice first(int count) {
            return new Slice(bytes, from, count);
        }

        Slice without(int count) {
            return new Slice(bytes, from + count, length - count);
        }
    }

    /// Who takes what arrives, where it is no conversation.
    interface Consumer {
        void onData(Slice data);

        void onEnd();

        void onReset();

        /// The other end took bytes that were written here.
        void onTaken(int bytes);
    }

    private final MemoryConnection connection;
    private final Simulator simulator;
    private final ProtocolId protocol;
    private final ArrayDeque<Slice> inbox = new ArrayDeque<>(2);
    private final List<Thread> waiting = new ArrayList<>(1);
    private @Nullable MemoryStream other;
    private @Nullable Consumer consumer;
    private @Nullable IOException failure;
    private Runnable whenFailed = () -> {};
    private int inboxBytes;
    private int ahead; // written here and not taken there
    private int uncredited;
    private long deadline = Long.MAX_VALUE;
    private boolean refused;
    private boolean ended;
    private boolean writeClosed;
    private boolean over; // nobody reads any more
    private boolean joined;

    MemoryStream(MemoryConnection connection, ProtocolId protocol) {
        this.connection = connection;
        this.simulator = connection.simulator();
        this.protocol = protocol;
    }

    void pairWith(MemoryStream far) {
        other = far;
        far.other = this;
    }

    private MemoryStream other() {
        var end = other;
        if (end == null) {
            throw new IllegalStateException("a stream has two ends");
        }
        return end;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public ProtocolId protocol() {
        return protocol;
    }

    @Override
    public void deadline(Duration patience) {
        deadline = simulator.now() + patience.toNanos();
    }

    // --- what arrives

    private void onData(Slice data) {
        if (failure != null || over) {
            return;
        }
        if (consumer != null) {
            consumer.onData(data);
            return;
        }
        inbox.add(data);
        inboxBytes += data.length();
        simulator.check(
                inboxBytes <= 2 * WINDOW, "a stream holds " + inboxBytes + " bytes of a remote");
        wake();
    }

    private void onEnd() {
        ended = true;
        if (consumer != null) {
            consumer.onEnd();
        }
        wake();
        forgetIfDone();
    }

    private void onReset() {
        fail(new IOException("the stream was reset"));
    }

    private void onTaken(int bytes) {
        ahead -= bytes;
        if (consumer != null) {
            consumer.onTaken(bytes);
        }
        wake();
    }

    /// The remote does not know the protocol, or this side has that answer to give.
    void refuse() {
        connection
                .link()
                .send(
                        connection,
                        () -> {
                            other().refused = true;
                            other().onReset();
                        });
    }

    void lost(String reason) {
        fail(new IOException("the connection was lost: " + reason));
    }

    private void fail(IOException why) {
        if (failure != null) {
            return;
        }
        failure = why;
        if (!joined) {
            inbox.clear();
        }
        connection.forget(this);
        whenFailed.run();
        if (consumer != null) {
            consumer.onReset();
        }
        wake();
    }

    /// Runs `task` when the stream fails, or now where it has.
    void onFailure(Runnable task) {
        whenFailed = task;
        if (failure != null) {
            task.run();
        }
    }

    private void wake() {
        waiting.forEach(LockSupport::unpark);
    }

    // --- the conversation

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
        int at = 0;
        while (at < length) {
            if (!awaitBytes()) {
                throw new EOFException("the remote ended the stream");
            }
            var head = inbox.removeFirst();
            int count = Math.min(head.length(), length - at);
            System.arraycopy(head.bytes(), head.from(), bytes, at, count);
            if (count < head.length()) {
                inbox.addFirst(head.without(count));
            }
            at += count;
            took(count);
        }
        return bytes;
    }

    /// Reads whatever is there and tells how much that was; 0 at the end.
    int readSome() throws IOException {
        if (!awaitBytes()) {
            return 0;
        }
        int count = inbox.removeFirst().length();
        took(count);
        return count;
    }

    private void took(int count) {
        inboxBytes -= count;
        credit(count);
    }

    /// Lets the remote send `count` more.
    void credit(int count) {
        uncredited += count;
        if (uncredited >= WINDOW / 8) {
            int portion = uncredited;
            uncredited = 0;
            connection.link().send(connection, () -> other().onTaken(portion));
        }
    }

    @Override
    public boolean atEnd() throws IOException {
        return !awaitBytes();
    }

    private boolean awaitBytes() throws IOException {
        await(() -> !inbox.isEmpty() || ended);
        return !inbox.isEmpty();
    }

    private void await(Simulator.Condition condition) throws IOException {
        var thread = Thread.currentThread();
        waiting.add(thread);
        try {
            boolean changed =
                    simulator.waitUntil(() -> failure != null || condition.holds(), deadline);
            if (refused) {
                throw new UnsupportedProtocol(protocol);
            }
            if (failure != null) {
                throw new IOException(failure.getMessage(), failure);
            }
            if (!changed) {
                throw new SocketTimeoutException("the remote took too long on " + protocol);
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        } finally {
            waiting.remove(thread);
        }
    }

    @Override
    public void writeMessage(byte[] body) throws IOException {
        write(message(body));
    }

    private static byte[] message(byte[] body) {
        var message = new byte[Varint.length(body.length) + body.length];
        int at = Varint.put(body.length, message, 0);
        System.arraycopy(body, 0, message, at, body.length);
        return message;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        write(new Slice(bytes, 0, bytes.length));
    }

    void write(Slice data) throws IOException {
        await(() -> ahead < WINDOW);
        pass(data);
    }

    /// Sends without waiting.
    void pass(Slice data) {
        if (failure == null && !writeClosed) {
            ahead += data.length();
            connection.link().send(connection, () -> other().onData(data));
        }
    }

    /// Sends `body` with its length before it, without waiting.
    void pass(byte[] body) {
        var message = message(body);
        pass(new Slice(message, 0, message.length));
    }

    @Override
    public void closeWrite() {
        if (failure == null && !writeClosed) {
            writeClosed = true;
            connection.link().send(connection, () -> other().onEnd());
            forgetIfDone();
        }
    }

    private void forgetIfDone() {
        if (ended && writeClosed && !joined) {
            connection.forget(this);
        }
    }

    @Override
    public void reset() {
        if (failure == null) {
            connection.link().send(connection, () -> other().onReset());
            fail(new IOException("the stream was reset by this side"));
        }
    }

    void resetUnlessJoined() {
        if (!joined) {
            reset();
        }
    }

    /// Sends no more, and takes no more either.
    void conversationOver() {
        if (!joined) {
            over = true;
            inbox.clear();
            closeWrite();
        }
    }

    // --- joining

    /// Passes this stream and `second` on to each other; neither may be used here afterwards.
    MemorySplice join(MemoryStream second, Allowance allowance) {
        var splice = new MemorySplice(simulator, this, second, allowance);
        joined = true;
        second.joined = true;
        splice.begin();
        return splice;
    }

    /// Gives everything that is here or comes to `taker`.
    void handOver(Consumer taker) {
        consumer = taker;
        var left = List.copyOf(inbox);
        inbox.clear();
        inboxBytes = 0;
        left.forEach(taker::onData);
        if (failure != null) {
            taker.onReset();
        } else if (ended) {
            taker.onEnd();
        }
    }
}
