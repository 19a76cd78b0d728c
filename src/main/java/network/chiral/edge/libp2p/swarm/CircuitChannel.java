// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import network.chiral.edge.libp2p.muxer.MuxedStream;

/// A muxed stream as a Netty channel on the stream's own event loop, so that a connection can stand on a
/// circuit as it stands on a socket.
///
/// What comes in is handed up as the slice it is, and its credit goes back when the handlers have taken
/// it. What goes out stays in the channel's outbound buffer until the socket below took it, so the
/// channel is unwritable while the circuit is slow, and a promise is kept only when bytes have left.
final class CircuitChannel extends AbstractChannel
        implements MuxedStream.Consumer, LoopTimers.Ticked {
    /// As much as a socket holds back; see TcpTransport.
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(128 * 1024, 256 * 1024);

    /// From our end to the reset, for a remote that does not end; what we said before may still be
    /// under way.
    private static final long FAREWELL_NANOS = 5_000_000_000L;

    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    private final MuxedStream stream;
    private final InetSocketAddress local;
    private final InetSocketAddress relay;
    private final LoopTimers timers;
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private long foreign; // bytes that the conversation before has written, not ours to account for
    private int handedOver; // messages of the outbound buffer that the stream has
    private boolean open = true;
    private boolean gone;
    private long deadline; // nanoTime, of the farewell

    /// Made on the stream's event loop.
    ///
    /// @param relay the socket's other end
    CircuitChannel(MuxedStream stream, InetSocketAddress relay, LoopTimers timers) {
        super(null);
        this.stream = stream;
        this.relay = relay;
        this.local = new InetSocketAddress(0);
        this.timers = timers;
        config.setWriteBufferWaterMark(WATER_MARK);
    }

    // --- told by the stream

    @Override
    public void onData(ByteBuf data) {
        if (!open) {
            data.release(); // and no credit: nobody reads any more
            return;
        }
        int length = data.readableBytes();
        pipeline().fireChannelRead(data);
        pipeline().fireChannelReadComplete();
        stream.consumed(length);
    }

    @Override
    public void onEnd() {
        unsafe().close(voidPromise());
    }

    @Override
    public void onReset() {
        gone = true;
        unsafe().close(voidPromise());
    }

    @Override
    public void onWritten(int bytes) {
        long others = Math.min(foreign, bytes);
        foreign -= others;
        var out = unsafe().outboundBuffer();
        for (int left = bytes - (int) others; left > 0 && out != null && !out.isEmpty(); ) {
            var head = (ByteBuf) out.current();
            int taken = Math.min(left, head.readableBytes());
            left -= taken;
            if (taken < head.readableBytes()) {
                head.skipBytes(taken);
                out.progress(taken);
            } else {
                handedOver--; // first: a channel that turns writable is written to at once
                out.remove();
            }
        }
    }

    // --- what Netty asks of a channel

    /// The stream is ours from now on, not before: what the socket took meanwhile, the conversation was
    /// told of.
    @Override
    protected void doRegister() {
        foreign = stream.unwritten();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        var known = new int[] {handedOver};
        in.forEachFlushedMessage(message -> {
            if (known[0]-- > 0) {
                return true;
            }
            handedOver++;
            stream.write(((ByteBuf) message).retainedDuplicate());
            return true;
        });
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            return message;
        }
        throw new UnsupportedOperationException("a circuit carries bytes");
    }

    @Override
    protected void doClose() {
        if (!open) {
            return;
        }
        open = false;
        if (gone || stream.isClosed()) {
            return;
        }
        stream.closeWrite();
        deadline = System.nanoTime() + FAREWELL_NANOS;
        timers.add(eventLoop(), this);
    }

    @Override
    public void onTick(long now) {
        if (stream.isClosed() || now - deadline >= 0) {
            timers.remove(eventLoop(), this);
            stream.reset();
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AbstractUnsafe() {
            @Override
            public void connect(SocketAddress to, SocketAddress from, ChannelPromise promise) {
                promise.setFailure(new UnsupportedOperationException("a circuit stands already"));
            }
        };
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop.equals(stream.eventLoop());
    }

    @Override
    protected SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return relay;
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("a circuit stands already");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doBeginRead() {
        // the stream's window says how much may come, and nobody above ever stops reading
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }
}
