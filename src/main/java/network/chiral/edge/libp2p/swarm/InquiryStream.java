// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.function.Consumer;
import network.chiral.edge.libp2p.multiformats.Varint;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import network.chiral.edge.libp2p.negotiation.DialerNegotiation;
import network.chiral.edge.libp2p.wire.MalformedMessage;

/// The stream of one [Inquiry], until its reply is joined. Touched on the stream's event loop only.
///
/// ```
/// ASKING --message--> ANSWERED --join--> OVER
///    +---- anything else ---+-----------^
/// ```
final class InquiryStream implements MuxedStream.Consumer, LoopTimers.Ticked, Reply {
    private enum State {
        ASKING,
        ANSWERED,
        OVER
    }

    private final LoopTimers timers;
    private final MuxedStream muxed;
    private final Inquiry inquiry;
    private final Consumer<Optional<Reply>> told;
    private final DialerNegotiation negotiation;
    private final long deadline;
    private final Inbox inbox = new Inbox();
    private byte[] message = {};
    private int taken; // bytes of the negotiation and the message
    private boolean agreed;
    private State state = State.ASKING;

    InquiryStream(
            LoopTimers timers, MuxedStream muxed, Inquiry inquiry, Consumer<Optional<Reply>> told) {
        this.timers = timers;
        this.muxed = muxed;
        this.inquiry = inquiry;
        this.told = told;
        this.negotiation = new DialerNegotiation(inquiry.protocol().name());
        this.deadline = System.nanoTime() + inquiry.patience().toNanos();
    }

    /// Asks: proposal and message leave together. Called once, on the stream's event loop.
    ///
    /// @param out empty
    void begin(ByteBuf out) {
        negotiation.propose(out);
        var prefix = new byte[Varint.length(inquiry.message().length)];
        Varint.put(inquiry.message().length, prefix, 0);
        out.writeBytes(prefix).writeBytes(inquiry.message());
        timers.add(muxed.eventLoop(), this);
        muxed.consumer(this);
        muxed.write(out);
    }

    // --- told by the event loop

    @Override
    public void onData(ByteBuf data) {
        if (state != State.OVER) {
            inbox.add(data);
        }
        data.release();
        if (state == State.ASKING && (agreed || isAgreed())) {
            read();
        }
    }

    private boolean isAgreed() {
        int before = inbox.bytes().readableBytes();
        try {
            switch (negotiation.onBytes(inbox.bytes())) {
                case AGREED -> agreed = true;
                case REFUSED -> fail();
                case PENDING -> {}
            }
        } catch (MalformedMessage e) {
            fail();
        }
        taken += before - inbox.bytes().readableBytes();
        return agreed;
    }

    private void read() {
        int length = inbox.next(inquiry.maxLength());
        if (length == Inbox.BAD) {
            fail();
        } else if (length != Inbox.INCOMPLETE) {
            message = inbox.peek(length);
            inbox.skip(length);
            taken += length;
            timers.remove(muxed.eventLoop(), this);
            state = State.ANSWERED;
            told.accept(Optional.of(this));
            resetUnlessJoined();
        }
    }

    private void resetUnlessJoined() {
        if (state == State.ANSWERED) {
            state = State.OVER;
            inbox.leave();
            muxed.reset();
        }
    }

    @Override
    public void onEnd() {
        if (state == State.ASKING) {
            fail();
        }
    }

    @Override
    public void onReset() {
        if (state == State.ASKING) {
            end();
        }
    }

    @Override
    public void onTick(long now) {
        if (state == State.ASKING && now - deadline >= 0) {
            fail();
        }
    }

    private void fail() {
        muxed.reset();
        end();
    }

    private void end() {
        state = State.OVER;
        inbox.leave();
        timers.remove(muxed.eventLoop(), this);
        told.accept(Optional.empty());
    }

    // --- asked by who is told

    @Override
    public byte[] message() {
        return message;
    }

    MuxedStream muxed() {
        return muxed;
    }

    /// Passes the stream to `next`. Called while somebody is told of the reply.
    void join(Splice.Way next) {
        state = State.OVER;
        var rest = inbox.leave();
        muxed.consumed(taken);
        if (rest.isReadable()) {
            next.onData(rest);
        }
        muxed.consumer(next);
        next.taken();
    }
}
