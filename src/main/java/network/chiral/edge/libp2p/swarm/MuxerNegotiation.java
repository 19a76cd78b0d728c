// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.negotiation.DialerNegotiation;
import network.chiral.edge.libp2p.negotiation.ListenerNegotiation;
import network.chiral.edge.libp2p.security.SecureChannel;
import network.chiral.edge.libp2p.security.noise.NoiseHandshake;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

/// The last step of an upgrade: which muxer, by Noise's extension or by multistream inside of Noise.
///
/// go and js agree inside the handshake; rust 0.57 does not and needs the multistream round trip.
final class MuxerNegotiation implements SecureChannel.Consumer, LoopTimers.Ticked {
    private final Swarm swarm;
    private final Upgrade.UpgradeTarget target;
    private final boolean dialer;
    private final long began;
    private final long deadline;
    private final DialerNegotiation proposal = new DialerNegotiation(Upgrade.YAMUX);
    private final ListenerNegotiation offer = new ListenerNegotiation(Upgrade.YAMUX::equals);
    private @Nullable SecureChannel channel;
    private @Nullable ByteBuf buffered;
    private @Nullable PeerId remotePeer;
    private @Nullable InetSocketAddress remoteSocket;
    private @Nullable InetSocketAddress localSocket;
    private boolean early;
    private int keyType;
    private boolean ended;

    MuxerNegotiation(Swarm swarm, Upgrade.UpgradeTarget target, boolean dialer, long began) {
        this.swarm = swarm;
        this.target = target;
        this.dialer = dialer;
        this.began = began;
        this.deadline = began + swarm.limits().handshakeDeadline().toNanos();
    }

    void start(SecureChannel secure, NoiseHandshake.Result result, Channel sockets) {
        channel = secure;
        remotePeer = result.remotePeer();
        keyType = result.keyType();
        early = result.muxer().isPresent();
        remoteSocket = (InetSocketAddress) sockets.remoteAddress();
        localSocket =
                sockets.localAddress() instanceof InetSocketAddress own && own.getPort() != 0
                        ? own
                        : null; // a circuit has none
        if (early) {
            establish(secure);
            return;
        }
        swarm.timers().add(secure.eventLoop(), this);
        if (dialer) {
            var out = secure.allocator().buffer(64);
            proposal.propose(out);
            send(secure, out);
        }
    }

    private static void send(SecureChannel secure, ByteBuf out) {
        if (out.isReadable()) {
            secure.seal(new ByteBuf[] {out}, 1, out.readableBytes());
            secure.flush(_ -> {});
        }
        out.release();
    }

    @Override
    public void onTick(long now) {
        if (now - deadline >= 0) {
            fail(HandshakeFailure.TIMEOUT);
        }
    }

    @Override
    public void onShutdown() {
        fail(HandshakeFailure.SHUTTING_DOWN);
    }

    @Override
    public void onPlain(ByteBuf plain) {
        var secure = channel;
        if (ended || secure == null) {
            return;
        }
        if (buffered == null) {
            buffered = Unpooled.buffer(plain.readableBytes());
        }
        buffered.writeBytes(plain);
        try {
            if (agreed(secure, buffered)) {
                var rest = buffered;
                buffered = null;
                var session = establish(secure);
                if (rest.isReadable()) {
                    session.onPlain(rest);
                }
            } else if (buffered.readableBytes() > secure.maxPlainLength()) {
                throw new MalformedMessage("more bytes than a negotiation has");
            }
        } catch (MalformedMessage e) {
            fail(HandshakeFailure.PROTOCOL);
        }
    }

    private boolean agreed(SecureChannel secure, ByteBuf in) throws MalformedMessage {
        if (dialer) {
            return switch (proposal.onBytes(in)) {
                case AGREED -> true;
                case REFUSED -> throw new MalformedMessage("the other side has no Yamux");
                case PENDING -> false;
            };
        }
        var out = secure.allocator().buffer(64);
        try {
            return offer.onBytes(in, out) != null;
        } finally {
            send(secure, out);
        }
    }

    private SecureChannel.Consumer establish(SecureChannel secure) {
        ended = true;
        swarm.timers().remove(secure.eventLoop(), this);
        var socket = remoteSocket;
        var peer = remotePeer;
        if (socket == null || peer == null) {
            throw new IllegalStateException("a negotiation is started before it ends");
        }
        var connection =
                new ChannelConnection(
                        swarm,
                        peer,
                        dialer ? Connection.Direction.OUTBOUND : Connection.Direction.INBOUND,
                        target.address(socket),
                        socket);
        connection.limit(target.limit());
        connection.localSocket(Optional.ofNullable(localSocket));
        var took = Duration.ofNanos(System.nanoTime() - began);
        connection.handshake(new HandshakeFacts(took, early, keyType));
        var session = connection.establish(secure);
        secure.consumer(session);
        target.onReady(connection);
        return session;
    }

    private void fail(HandshakeFailure failure) {
        var secure = channel;
        if (ended || secure == null) {
            return;
        }
        ended = true;
        buffered = null;
        swarm.timers().remove(secure.eventLoop(), this);
        secure.close();
        target.onFailed(failure);
    }

    @Override
    public void onBurstEnd() {}

    @Override
    public void onWritabilityChanged() {}

    @Override
    public void onClosed() {
        fail(HandshakeFailure.CLOSED);
    }
}
