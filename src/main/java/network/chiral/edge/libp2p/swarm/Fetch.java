// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import network.chiral.edge.libp2p.negotiation.DialerNegotiation;
import network.chiral.edge.libp2p.wire.MalformedMessage;

/// Asks one [Question] and gathers the answer, on the event loop: a thread would only wait there.
final class Fetch implements MuxedStream.Consumer, LoopTimers.Ticked {
    private final LoopTimers timers;
    private final MuxedStream muxed;
    private final Question question;
    private final Consumer<List<byte[]>> told;
    private final DialerNegotiation negotiation;
    private final long deadline;
    private final Inbox inbox = new Inbox();
    private final List<byte[]> messages = new ArrayList<>(1);
    private boolean agreed;
    private boolean over;

    /// @param told gets the answer, on the event loop; nobody is told of a failure
    Fetch(LoopTimers timers, MuxedStream muxed, Question question, Consumer<List<byte[]>> told) {
        this.timers = timers;
        this.muxed = muxed;
        this.question = question;
        this.told = told;
        this.negotiation = new DialerNegotiation(question.protocol().name());
        this.deadline = System.nanoTime() + question.patience().toNanos();
    }

    /// Asks. Called once, on the stream's event loop.
    void begin(ByteBuf proposal) {
        negotiation.propose(proposal);
        timers.add(muxed.eventLoop(), this);
        muxed.consumer(this);
        muxed.write(proposal);
    }

    @Override
    public void onData(ByteBuf data) {
        if (!over) {
            inbox.add(data);
            muxed.consumed(data.readableBytes());
        }
        data.release();
        if (!over) {
            read();
        }
    }

    private void read() {
        if (!agreed && !isAgreed()) {
            return;
        }
        while (messages.size() < question.maxMessages()) {
            int length = inbox.next(question.maxLength());
            if (length == Inbox.BAD) {
                fail();
                return;
            }
            if (length == Inbox.INCOMPLETE) {
                return;
            }
            messages.add(inbox.peek(length));
            inbox.skip(length);
        }
        finish();
    }

    private boolean isAgreed() {
        try {
            switch (negotiation.onBytes(inbox.bytes())) {
                case AGREED -> agreed = true;
                case REFUSED -> fail();
                case PENDING -> {}
            }
        } catch (MalformedMessage e) {
            fail();
        }
        return agreed;
    }

    @Override
    public void onEnd() {
        if (over) {
            return;
        }
        if (inbox.isEmpty() && !messages.isEmpty()) {
            finish();
        } else {
            fail();
        }
    }

    @Override
    public void onReset() {
        leave();
    }

    @Override
    public void onTick(long now) {
        if (!over && now - deadline >= 0) {
            fail();
        }
    }

    private void finish() {
        leave();
        muxed.closeWrite();
        told.accept(messages);
    }

    private void fail() {
        leave();
        muxed.reset();
    }

    private void leave() {
        if (!over) {
            over = true;
            inbox.leave();
            timers.remove(muxed.eventLoop(), this);
        }
    }
}
