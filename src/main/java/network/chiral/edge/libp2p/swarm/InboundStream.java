// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import network.chiral.edge.libp2p.negotiation.ListenerNegotiation;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

/// A stream that the remote opened, until its protocol is agreed on.
final class InboundStream implements MuxedStream.Consumer, LoopTimers.Ticked {
    /// From the stream's opening to an agreed protocol (go-libp2p: 10 s).
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final Swarm swarm;
    private final ChannelConnection connection;
    private final MuxedStream muxed;
    private final ListenerNegotiation negotiation;
    private final long deadline = System.nanoTime() + PATIENCE_NANOS;
    private @Nullable ByteBuf buffered;
    private boolean waiting;

    InboundStream(Swarm swarm, ChannelConnection connection, MuxedStream muxed) {
        this.swarm = swarm;
        this.connection = connection;
        this.muxed = muxed;
        this.negotiation = new ListenerNegotiation(connection::serves);
    }

    @Override
    public void onData(ByteBuf data) {
        var in = data;
        if (buffered != null) {
            buffered.writeBytes(data);
            data.release();
            in = buffered;
            buffered = null;
        }
        var out = swarm.allocator().buffer(64);
        try {
            int before = in.readableBytes();
            var agreed = negotiation.onBytes(in, out);
            muxed.consumed(before - in.readableBytes());
            muxed.write(out);
            if (agreed != null) {
                stopWaiting();
                begin(agreed, in);
            } else {
                keep(in);
            }
        } catch (MalformedMessage e) {
            out.release();
            in.release();
            stopWaiting();
            muxed.reset();
        }
    }

    /// A proposal came in pieces: rare, so only then is a timer worth it.
    private void keep(ByteBuf in) {
        buffered = Unpooled.buffer(64).writeBytes(in);
        in.release();
        if (!waiting) {
            waiting = true;
            swarm.timers().add(muxed.eventLoop(), this);
        }
    }

    private void stopWaiting() {
        if (waiting) {
            waiting = false;
            swarm.timers().remove(muxed.eventLoop(), this);
        }
    }

    @Override
    public void onTick(long now) {
        if (now - deadline >= 0) {
            stopWaiting();
            muxed.reset();
        }
    }

    private void begin(String protocol, ByteBuf rest) {
        var stream = swarm.answered().begin(connection, muxed, protocol);
        if (stream == null) {
            rest.release();
            muxed.reset();
        } else if (rest.isReadable()) {
            stream.onData(rest);
        } else {
            rest.release();
        }
    }

    @Override
    public void onEnd() {
        // a remote that ended without a proposal has nothing to say
        stopWaiting();
        muxed.reset();
    }

    @Override
    public void onReset() {
        stopWaiting();
    }
}
