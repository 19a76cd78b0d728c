// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.security.noise;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import network.chiral.edge.libp2p.crypto.Aead;
import network.chiral.edge.libp2p.security.SecureChannel;
import org.jspecify.annotations.Nullable;

/// The transport phase of Noise: frames of a two-byte length and a sealed message.
///
/// A frame that lies whole in the read buffer is decrypted where it lies. Of a frame that is cut by the
/// end of a read, the bytes are gathered in a buffer of the frame's own size, so no byte moves more
/// than once and an idle connection holds no buffer.
public final class NoiseChannel extends ChannelInboundHandlerAdapter implements SecureChannel {
    private static final int LENGTH_PREFIX = 2;
    private static final int MAX_FRAME = 65_535;
    private static final int MAX_PLAIN = MAX_FRAME - Aead.TAG_LENGTH;

    private static final System.Logger LOG = System.getLogger(NoiseChannel.class.getName());

    private final Channel channel;
    private final NoiseHandshake.Result session;
    private Consumer consumer;
    private @Nullable ByteBuf partial; // length prefix included
    private int partialLength; // of the whole frame, 0 while the prefix is not known
    private @Nullable ByteBuf outgoing;
    private long sendNonce;
    private long receiveNonce;
    private boolean closed; // freed, nothing may touch the keys
    private boolean closing; // asked for, what still comes in is passed over

    /// @param channel whose last handler this becomes
    public NoiseChannel(Channel channel, NoiseHandshake.Result session, Consumer consumer) {
        this.channel = channel;
        this.session = session;
        this.consumer = consumer;
    }

    @Override
    public void consumer(Consumer next) {
        this.consumer = next;
    }

    @Override
    public EventLoop eventLoop() {
        return channel.eventLoop();
    }

    @Override
    public ByteBufAllocator allocator() {
        return channel.alloc();
    }

    @Override
    public int maxPlainLength() {
        return MAX_PLAIN;
    }

    // --- inbound

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var in = (ByteBuf) message;
        try {
            while (in.isReadable() && !closing) {
                if (partial != null) {
                    gather(in);
                } else if (!openWhereItLies(in)) {
                    begin(in);
                }
            }
        } finally {
            in.release();
        }
    }

    /// Opens the frame at the reader index; false where it is not whole.
    private boolean openWhereItLies(ByteBuf in) {
        if (in.readableBytes() < LENGTH_PREFIX) {
            return false;
        }
        int length = in.getUnsignedShort(in.readerIndex());
        if (in.readableBytes() < LENGTH_PREFIX + length) {
            return false;
        }
        int start = in.readerIndex() + LENGTH_PREFIX;
        in.readerIndex(start + length);
        open(in, start, length);
        return true;
    }

    private void begin(ByteBuf in) {
        partialLength =
                in.readableBytes() < LENGTH_PREFIX
                        ? 0
                        : LENGTH_PREFIX + in.getUnsignedShort(in.readerIndex());
        partial = channel.alloc().directBuffer(partialLength == 0 ? LENGTH_PREFIX : partialLength);
        partial.writeBytes(in);
    }

    private void gather(ByteBuf in) {
        var frame = partial;
        if (frame == null) {
            return;
        }
        if (partialLength == 0) {
            frame.writeByte(in.readByte());
            partialLength = LENGTH_PREFIX + frame.getUnsignedShort(0);
            frame.capacity(partialLength);
        }
        int missing = partialLength - frame.writerIndex();
        frame.writeBytes(in, Math.min(missing, in.readableBytes()));
        if (frame.writerIndex() == partialLength) {
            partial = null;
            try {
                open(frame, LENGTH_PREFIX, partialLength - LENGTH_PREFIX);
            } finally {
                frame.release();
            }
        }
    }

    private void open(ByteBuf buffer, int start, int length) {
        if (!session.receive()
                .open(receiveNonce++, Aead.NO_ASSOCIATED_DATA, buffer, start, length)) {
            close();
            return;
        }
        if (length > Aead.TAG_LENGTH) { // an empty message is legal and says nothing
            consumer.onPlain(buffer.slice(start, length - Aead.TAG_LENGTH));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!closing) {
            consumer.onBurstEnd();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!closed) {
            consumer.onWritabilityChanged();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        free();
        consumer.onClosed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.log(System.Logger.Level.ERROR, "a fault of this node while it read", cause);
        }
        close(); // a broken socket, or a fault while a frame was handled; the close tells everybody
    }

    // --- outbound

    @Override
    public void seal(ByteBuf[] parts, int count, int plainLength) {
        int sealedLength = plainLength + Aead.TAG_LENGTH;
        var out = room(LENGTH_PREFIX + sealedLength);
        out.writeShort(sealedLength);
        session.send().seal(sendNonce++, Aead.NO_ASSOCIATED_DATA, parts, count, out);
    }

    private ByteBuf room(int needed) {
        var out = outgoing;
        if (out != null && out.writableBytes() < needed) {
            channel.write(out, channel.voidPromise());
            out = null;
        }
        if (out == null) {
            out = channel.alloc().directBuffer(needed);
            outgoing = out;
        }
        return out;
    }

    @Override
    public void flush(ChannelFutureListener written) {
        var out = outgoing;
        outgoing = null;
        if (closed || out == null) {
            if (out != null) {
                out.release();
            }
            return;
        }
        channel.writeAndFlush(out).addListener(written);
    }

    @Override
    public boolean isWritable() {
        return !closed && channel.isWritable();
    }

    @Override
    public void close() {
        closing = true;
        channel.close();
    }

    private void free() {
        if (closed) {
            return;
        }
        closed = true;
        closing = true;
        session.send().close();
        session.receive().close();
        if (partial != null) {
            partial.release();
            partial = null;
        }
        if (outgoing != null) {
            outgoing.release();
            outgoing = null;
        }
    }
}
