// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import network.chiral.edge.libp2p.multiformats.Varint;
import network.chiral.edge.libp2p.muxer.MuxedStream;

/// An inbound stream whose messages are answered on the event loop, until one takes a conversation.
///
/// The conversation gets all that was not answered, so that it alone judges what is malformed.
final class PromptStream implements MuxedStream.Consumer, LoopTimers.Ticked {
    /// Answered in a row; a remote that sends more at once waits for a thread, not all for it.
    private static final int MAX_ROW = 16;

    /// Bytes of answers that the remote leaves unread, at which a conversation goes on, which waits.
    private static final int MAX_UNWRITTEN = 64 * 1024;

    private final LoopTimers timers;
    private final Connection connection;
    private final MuxedStream muxed;
    private final Duration patience;
    private final Prompt prompt;
    private final Ending ending;
    private final Inbox inbox = new Inbox();
    private long deadline;
    private boolean ticking;
    private boolean over;

    /// Who goes on with the stream.
    interface Ending {
        /// A conversation begins, with `rest` to read first.
        MuxedStream.Consumer converse(ByteBuf rest);

        /// Nothing follows.
        void over();
    }

    /// @param patience for each message
    PromptStream(
            LoopTimers timers,
            Connection connection,
            MuxedStream muxed,
            Duration patience,
            Prompt prompt,
            Ending ending) {
        this.timers = timers;
        this.connection = connection;
        this.muxed = muxed;
        this.patience = patience;
        this.prompt = prompt;
        this.ending = ending;
    }

    /// Takes over the stream. Called once, on its event loop.
    MuxedStream.Consumer begin() {
        muxed.consumer(this);
        if (prompt.maxLength() == 0) {
            return answer(new byte[0]) ? this : converse();
        }
        awaitMessage();
        return this;
    }

    @Override
    public void onData(ByteBuf data) {
        if (!over) {
            inbox.add(data);
        }
        data.release();
        for (int row = 0; !over && !inbox.isEmpty(); row++) {
            int length = inbox.next(prompt.maxLength());
            if (length == Inbox.INCOMPLETE) {
                return;
            }
            boolean answered =
                    length != Inbox.BAD
                            && row < MAX_ROW
                            && muxed.unwritten() <= MAX_UNWRITTEN
                            && answer(inbox.peek(length));
            if (!answered) {
                converse();
            } else if (!over) {
                inbox.skip(length);
                muxed.consumed(length);
            }
        }
    }

    /// True where `message` is answered.
    private boolean answer(byte[] message) {
        var found = prompt.answers().answer(connection, message);
        if (found.isEmpty()) {
            return false;
        }
        var body = found.get();
        var prefix = new byte[Varint.length(body.length)];
        Varint.put(body.length, prefix, 0);
        muxed.write(Unpooled.wrappedBuffer(prefix, body));
        if (prompt.several()) {
            awaitMessage();
        } else {
            end();
            muxed.closeWrite();
        }
        return true;
    }

    private void awaitMessage() {
        deadline = System.nanoTime() + patience.toNanos();
        if (!ticking) {
            ticking = true;
            timers.add(muxed.eventLoop(), this);
        }
    }

    @Override
    public void onTick(long now) {
        if (!over && now - deadline >= 0) {
            end();
            muxed.reset();
        }
    }

    @Override
    public void onEnd() {
        if (over) {
            return;
        }
        if (!inbox.isEmpty() || !prompt.several()) {
            converse().onEnd(); // which knows what to say to half a message, or to none
        } else {
            end();
            muxed.closeWrite();
        }
    }

    @Override
    public void onReset() {
        end();
    }

    private void end() {
        if (!over) {
            leave();
            inbox.leave();
            ending.over();
        }
    }

    private void leave() {
        over = true;
        if (ticking) {
            ticking = false;
            timers.remove(muxed.eventLoop(), this);
        }
    }

    private MuxedStream.Consumer converse() {
        leave();
        return ending.converse(inbox.leave());
    }
}
