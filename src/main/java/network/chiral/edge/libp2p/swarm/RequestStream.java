// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.multiformats.Varint;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import org.jspecify.annotations.Nullable;

/// An inbound stream whose first message is a [Request].
///
/// ```
/// READING --a message, or what is none--> WAITING --answer, join--> OVER
///    +---------- reset, too late -----------+------------------------^
/// ```
final class RequestStream implements MuxedStream.Consumer, LoopTimers.Ticked, Request {
    private enum State {
        READING,
        WAITING,
        OVER
    }

    private final LoopTimers timers;
    private final Connection connection;
    private final MuxedStream muxed;
    private final ServedProtocol.Requests service;
    private final Duration patience;
    private final Runnable over;

    // touched on the stream's loop
    private final Inbox inbox = new Inbox();
    private int length; // of the message, its prefix included
    private long deadline;
    private @Nullable Runnable late;
    private long lateAt;

    private volatile State state = State.READING; // written on the stream's loop
    private volatile Optional<byte[]> message = Optional.empty(); // likewise, once

    /// @param patience for the request to come, and for its answer
    /// @param over is told once, when the request is answered, joined or gone
    RequestStream(
            LoopTimers timers,
            Connection connection,
            MuxedStream muxed,
            ServedProtocol.Requests service,
            Duration patience,
            Runnable over) {
        this.timers = timers;
        this.connection = connection;
        this.muxed = muxed;
        this.service = service;
        this.patience = patience;
        this.over = over;
    }

    /// Takes over the stream. Called once, on its event loop.
    RequestStream begin() {
        deadline = System.nanoTime() + patience.toNanos();
        timers.add(muxed.eventLoop(), this);
        muxed.consumer(this);
        return this;
    }

    // --- told by the event loop

    @Override
    public void onData(ByteBuf data) {
        if (state != State.OVER) {
            inbox.add(data);
        }
        data.release();
        if (state == State.READING) {
            int next = inbox.next(service.maxLength());
            if (next == Inbox.BAD) {
                ask(Optional.empty());
            } else if (next != Inbox.INCOMPLETE) {
                length = next;
                ask(Optional.of(inbox.peek(next)));
            }
        }
    }

    private void ask(Optional<byte[]> request) {
        message = request;
        state = State.WAITING;
        deadline = System.nanoTime() + patience.toNanos();
        service.handler().onRequest(this);
    }

    @Override
    public void onEnd() {
        if (state == State.READING) {
            ask(Optional.empty());
        }
    }

    @Override
    public void onReset() {
        end();
    }

    @Override
    public void onTick(long now) {
        if (state == State.OVER) {
            return; // by what another one did in this tick
        }
        var due = late;
        if (due != null && now - lateAt >= 0) {
            late = null;
            due.run();
        } else if (now - deadline >= 0) {
            end();
            muxed.reset();
        }
    }

    private void end() {
        if (state != State.OVER) {
            state = State.OVER;
            late = null;
            inbox.leave();
            timers.remove(muxed.eventLoop(), this);
            over.run();
        }
    }

    // --- asked by the handler

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public Optional<byte[]> message() {
        return message;
    }

    @Override
    public boolean isOpen() {
        return state != State.OVER;
    }

    @Override
    public void answer(byte[] body) {
        Splice.on(
                muxed.eventLoop(),
                () -> {
                    if (state == State.WAITING) {
                        write(body);
                        end();
                        muxed.closeWrite();
                    }
                });
    }

    private void write(byte[] body) {
        var prefix = new byte[Varint.length(body.length)];
        Varint.put(body.length, prefix, 0);
        muxed.write(Unpooled.wrappedBuffer(prefix, body));
    }

    @Override
    public void within(Duration time, Runnable then) {
        if (state == State.WAITING) {
            lateAt = System.nanoTime() + time.toNanos();
            late = then;
        }
    }

    @Override
    public Junction join(byte[] body, Reply reply, Allowance allowance, List<Pace> paces) {
        var answered = (InquiryStream) reply;
        var splice = new Splice(muxed, answered.muxed(), allowance, paces, timers);
        // first, so that what the other stream brings comes behind it
        Splice.on(muxed.eventLoop(), () -> begin(splice, body));
        answered.join(splice.backward());
        return splice;
    }

    private void begin(Splice splice, byte[] body) {
        if (state != State.WAITING) {
            splice.forward().onReset();
            return;
        }
        write(body);
        inbox.skip(length);
        var rest = inbox.leave();
        end();
        muxed.consumed(length);
        splice.start();
        if (rest.isReadable()) {
            splice.forward().onData(rest);
        }
        muxed.consumer(splice.forward());
        splice.forward().taken();
    }
}
