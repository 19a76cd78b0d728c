// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.DialerNegotiation;
import network.chiral.edge.libp2p.negotiation.ListenerNegotiation;
import network.chiral.edge.libp2p.security.noise.NoiseChannel;
import network.chiral.edge.libp2p.security.noise.NoiseHandshake;
import network.chiral.edge.libp2p.security.noise.NoiseKeys;
import network.chiral.edge.libp2p.security.noise.PeerMismatch;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

/// Turns a raw channel into a connection: multistream, Noise, and the muxer.
///
/// ```
/// SECURITY --/noise agreed--> HANDSHAKE --message 3--> muxer agreed early ----> ready
///                                                      else MuxerNegotiation -> ready
/// ```
/// As dialer both proposals are lazy: Noise's first message leaves with the proposal of `/noise`.
final class Upgrade extends ChannelInboundHandlerAdapter implements LoopTimers.Ticked {
    static final String NOISE = "/noise";
    static final String YAMUX = "/yamux/1.0.0";
    private static final int LENGTH_PREFIX = 2;

    /// Nothing in a handshake is longer: a multistream line, or a Noise message with an RSA key in it.
    private static final int MAX_BUFFERED = 16 * 1024;

    private enum Phase {
        SECURITY,
        HANDSHAKE,
        DONE
    }

    private final Swarm swarm;
    private final UpgradeTarget target;
    private final boolean dialer;
    private final long began = System.nanoTime();
    private final long deadline;
    private final DialerNegotiation proposal = new DialerNegotiation(NOISE);
    private final ListenerNegotiation offer = new ListenerNegotiation(NOISE::equals);
    private Phase phase = Phase.SECURITY;
    private @Nullable NoiseHandshake handshake;
    private @Nullable ByteBuf buffered;
    private boolean ended;
    private @Nullable ChannelHandlerContext context;

    /// Who is told what became of the channel, on its event loop.
    interface UpgradeTarget {
        /// Whom the other side must be; empty for an inbound channel.
        Optional<PeerId> expected();

        /// Where an outbound channel was dialled to; empty for an inbound one.
        Optional<Multiaddr> dialled();

        /// Who this side says it is.
        default NoiseKeys keys(Swarm swarm) {
            return swarm.noiseKeys();
        }

        /// True where this side speaks first.
        default boolean initiates() {
            return dialled().isPresent();
        }

        /// Where the other side is.
        default Multiaddr address(InetSocketAddress remote) {
            return dialled().orElseGet(() -> Multiaddr.ofTcp(remote));
        }

        /// What a relay lets the connection use, where one carries it and says so.
        default Optional<Allowance> limit() {
            return Optional.empty();
        }

        void onReady(ChannelConnection connection);

        void onFailed(HandshakeFailure failure);
    }

    Upgrade(Swarm swarm, UpgradeTarget target) {
        this.swarm = swarm;
        this.target = target;
        this.dialer = target.initiates();
        this.deadline = began + swarm.limits().handshakeDeadline().toNanos();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        swarm.timers().add(ctx.channel().eventLoop(), this);
        context = ctx;
        if (swarm.admission().isStopped()) {
            fail(ctx, HandshakeFailure.SHUTTING_DOWN);
            return;
        }
        if (dialer) {
            handshake = new NoiseHandshake(target.keys(swarm), true, target.expected());
            var out = ctx.alloc().buffer(128);
            proposal.propose(out);
            writeFrame(out, handshake.start());
            ctx.writeAndFlush(out);
        }
    }

    @Override
    public void onTick(long now) {
        if (now - deadline >= 0 && context != null) {
            fail(context, HandshakeFailure.TIMEOUT);
        }
    }

    @Override
    public void onShutdown() {
        if (context != null) {
            fail(context, HandshakeFailure.SHUTTING_DOWN);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var in = buffer(ctx, (ByteBuf) message);
        if (ended) {
            return;
        }
        try {
            if (phase == Phase.SECURITY) {
                negotiateSecurity(ctx, in);
            }
            while (phase == Phase.HANDSHAKE && nextFrameIsWhole(in)) {
                shakeHands(ctx, in);
            }
            if (!ended && in.readableBytes() > MAX_BUFFERED) {
                throw new MalformedMessage("more bytes than a handshake has");
            }
        } catch (PeerMismatch e) {
            fail(ctx, HandshakeFailure.PEER_MISMATCH);
        } catch (MalformedMessage e) {
            fail(ctx, HandshakeFailure.PROTOCOL);
        }
    }

    private ByteBuf buffer(ChannelHandlerContext ctx, ByteBuf read) {
        if (ended) {
            read.release();
            return read;
        }
        var held = buffered;
        if (held == null) {
            held = ctx.alloc().buffer(Math.max(512, read.readableBytes()));
            buffered = held;
        }
        held.writeBytes(read);
        read.release();
        return held;
    }

    private void negotiateSecurity(ChannelHandlerContext ctx, ByteBuf in) throws MalformedMessage {
        if (dialer) {
            switch (proposal.onBytes(in)) {
                case AGREED -> phase = Phase.HANDSHAKE;
                case REFUSED -> throw new MalformedMessage("the other side has no /noise");
                case PENDING -> {}
            }
            return;
        }
        var out = ctx.alloc().buffer(64);
        try {
            if (offer.onBytes(in, out) != null) {
                handshake = new NoiseHandshake(swarm.noiseKeys(), false, target.expected());
                phase = Phase.HANDSHAKE;
            }
        } catch (MalformedMessage e) {
            out.release();
            throw e;
        }
        ctx.writeAndFlush(out);
    }

    private static boolean nextFrameIsWhole(ByteBuf in) {
        return in.readableBytes() >= LENGTH_PREFIX
                && in.readableBytes() - LENGTH_PREFIX >= in.getUnsignedShort(in.readerIndex());
    }

    private void shakeHands(ChannelHandlerContext ctx, ByteBuf in) throws MalformedMessage {
        var shaking = handshake;
        if (shaking == null) {
            throw new IllegalStateException("the phase HANDSHAKE begins with a handshake");
        }
        var message = new byte[in.readUnsignedShort()];
        in.readBytes(message);
        var answer = shaking.onMessage(message);
        answer.ifPresent(bytes -> {
            var out = ctx.alloc().buffer(LENGTH_PREFIX + bytes.length);
            writeFrame(out, bytes);
            ctx.writeAndFlush(out);
        });
        shaking.result().ifPresent(result -> finish(ctx, in, result));
    }

    private static void writeFrame(ByteBuf out, byte[] message) {
        out.writeShort(message.length).writeBytes(message);
    }

    private void finish(ChannelHandlerContext ctx, ByteBuf in, NoiseHandshake.Result result) {
        phase = Phase.DONE;
        var rest = in.isReadable() ? in.readRetainedSlice(in.readableBytes()) : null;
        leave(ctx);
        var muxer = new MuxerNegotiation(swarm, target, dialer, began);
        var secure = new NoiseChannel(ctx.channel(), result, muxer);
        ctx.pipeline().replace(this, "noise", secure);
        muxer.start(secure, result, ctx.channel());
        if (rest != null) {
            ctx.pipeline().fireChannelRead(rest);
        }
        ctx.pipeline().fireChannelReadComplete();
    }

    private void leave(ChannelHandlerContext ctx) {
        ended = true;
        swarm.timers().remove(ctx.channel().eventLoop(), this);
        if (buffered != null) {
            buffered.release();
            buffered = null;
        }
        if (handshake != null) {
            handshake.close();
            handshake = null;
        }
    }

    private void fail(ChannelHandlerContext ctx, HandshakeFailure failure) {
        if (ended) {
            return;
        }
        leave(ctx);
        ctx.close();
        target.onFailed(failure);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, HandshakeFailure.CLOSED);
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, HandshakeFailure.CLOSED);
    }
}
