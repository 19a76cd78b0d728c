// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.muxer.MuxedConnection;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import network.chiral.edge.libp2p.muxer.yamux.YamuxSession;
import network.chiral.edge.libp2p.negotiation.DialerNegotiation;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.security.SecureChannel;

/// A connection on a Netty channel, with Yamux as its muxer.
final class ChannelConnection implements Connection, MuxedConnection.Listener, LoopTimers.Ticked {
    private final Swarm swarm;
    private final PeerId remotePeer;
    private final Direction direction;
    private final Multiaddr remoteAddress;
    private final InetSocketAddress remoteSocket;
    private final boolean relayed;
    private final long openedAt = System.nanoTime();
    private final StreamCounts inboundStreams = new StreamCounts();
    private volatile boolean open = true;
    private volatile boolean remoteLeaves;
    private volatile long lastBusy = System.nanoTime();
    private volatile Optional<InetSocketAddress> localSocket = Optional.empty();
    private volatile Optional<Allowance> limit = Optional.empty();
    private volatile HandshakeFacts handshake = HandshakeFacts.NONE;
    private boolean announced = true; // to the swarm, which then is told of the end

    @SuppressWarnings("NullAway.Init") // set by establish(), before anybody sees the connection
    private EventLoop loop;

    @SuppressWarnings("NullAway.Init") // likewise
    private YamuxSession session;

    @SuppressWarnings("NullAway.Init") // likewise
    private MemoryShares.Account memory;

    ChannelConnection(
            Swarm swarm,
            PeerId remotePeer,
            Direction direction,
            Multiaddr remoteAddress,
            InetSocketAddress remoteSocket) {
        this.swarm = swarm;
        this.remotePeer = remotePeer;
        this.direction = direction;
        this.remoteAddress = remoteAddress;
        this.remoteSocket = remoteSocket;
        this.relayed = remoteAddress.isCircuit();
    }

    /// Begins to multiplex `channel`. Called once, on its event loop.
    YamuxSession establish(SecureChannel channel) {
        loop = channel.eventLoop();
        memory = swarm.admission().memory(this);
        session =
                new YamuxSession(
                        channel,
                        direction == Direction.OUTBOUND,
                        swarm.yamuxLimits(),
                        memory.budget(),
                        this);
        swarm.timers().visit(loop, this);
        return session;
    }

    /// Sets what a relay lets this connection use. Called before anybody sees the connection.
    void limit(Optional<Allowance> allowance) {
        limit = allowance;
    }

    /// Sets this end of the socket. Called before anybody sees the connection.
    void localSocket(Optional<InetSocketAddress> socket) {
        localSocket = socket;
    }

    /// Sets how it came to stand. Called before anybody sees the connection.
    void handshake(HandshakeFacts facts) {
        handshake = facts;
    }

    @Override
    public HandshakeFacts handshake() {
        return handshake;
    }

    @Override
    public Optional<InetSocketAddress> localSocket() {
        return localSocket;
    }

    @Override
    public Optional<Allowance> limit() {
        return limit;
    }

    LoopTimers timers() {
        return swarm.timers();
    }

    StreamCounts inboundStreams() {
        return inboundStreams;
    }

    @Override
    public PeerId remotePeer() {
        return remotePeer;
    }

    @Override
    public Direction direction() {
        return direction;
    }

    @Override
    public Multiaddr remoteAddress() {
        return remoteAddress;
    }

    @Override
    public InetSocketAddress remoteSocket() {
        return remoteSocket;
    }

    @Override
    public boolean isRelayed() {
        return relayed;
    }

    @Override
    public Optional<Duration> roundTrip() {
        return session.roundTrip();
    }

    @Override
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - openedAt);
    }

    @Override
    public boolean isBusy() {
        return session.streamCount() > inboundStreams.sum(swarm.answered().echoed());
    }

    @Override
    public Duration idle() {
        long now = System.nanoTime();
        return isBusy() ? Duration.ZERO : Duration.ofNanos(now - lastBusy);
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isLeaving() {
        return remoteLeaves;
    }

    @Override
    public Stream open(ProtocolId protocol) throws IOException {
        var opened = new CompletableFuture<Optional<ChannelStream>>();
        if (!handOver(() -> opened.complete(openOnLoop(protocol)))) {
            throw new IOException("the connection is gone, with its event loop");
        }
        try {
            return opened.get()
                    .orElseThrow(() -> new IOException("the connection takes no more streams"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private Optional<ChannelStream> openOnLoop(ProtocolId protocol) {
        return session.open().map(muxed -> propose(muxed, protocol));
    }

    private ChannelStream propose(MuxedStream muxed, ProtocolId protocol) {
        var negotiation = new DialerNegotiation(protocol.name());
        var stream = new ChannelStream(this, muxed, protocol, negotiation);
        var out = swarm.allocator().buffer(64);
        negotiation.propose(out);
        muxed.consumer(stream);
        muxed.write(out);
        return stream;
    }

    @Override
    public void ask(Question question, Threads threads, Consumer<List<byte[]>> told) {
        onLoop(() ->
                session.open()
                        .ifPresent(muxed ->
                                new Fetch(swarm.timers(), muxed, question, told)
                                        .begin(swarm.allocator().buffer(64))));
    }

    @Override
    public void inquire(Inquiry inquiry, Consumer<Optional<Reply>> told) {
        onLoop(() -> {
            var muxed = session.open();
            if (muxed.isEmpty()) {
                loop.execute(() -> told.accept(Optional.empty()));
                return;
            }
            new InquiryStream(swarm.timers(), muxed.get(), inquiry, told)
                    .begin(swarm.allocator().buffer(128));
        });
    }

    /// False where the loop has ended, and all its connections with it: the node stops.
    private boolean handOver(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    @Override
    public boolean takesStream() {
        var refusal = swarm.admission().beginStream(this);
        refusal.ifPresent(why -> swarm.refused(this, why));
        return refusal.isEmpty();
    }

    @Override
    public void onStreamGone(boolean taken) {
        int before = session.streamCount() + 1;
        if (before > inboundStreams.sum(swarm.answered().echoed())) {
            lastBusy = System.nanoTime();
        }
        if (taken) {
            swarm.admission().endStream(this);
        }
    }

    @Override
    public void onOverload() {
        swarm.refused(this, memory.refusal());
    }

    @Override
    public void onGoAway() {
        remoteLeaves = true;
        if (announced) {
            swarm.tell(listener -> listener.onGoAway(this));
        }
    }

    @Override
    public void onStream(MuxedStream muxed) {
        muxed.consumer(new InboundStream(swarm, this, muxed));
    }

    @Override
    public void onTick(long now) {
        if (session.roundTrip().isEmpty()) { // not at once: many connections are over by then
            session.measureRoundTrip();
        }
        session.keepAlive(now, swarm.limits().keepAlive().toNanos());
    }

    @Override
    public void onClosed(String reason) {
        open = false;
        memory.close();
        swarm.timers().visitNoMore(loop, this);
        if (announced) {
            swarm.onClosed(this, reason);
        }
    }

    @Override
    public void close() {
        handOver(session::close);
    }

    /// Closes a connection that nobody was told of. Called on the event loop.
    void abandon() {
        swarm.timers().visitNoMore(loop, this);
        announced = false;
        session.close();
    }

    /// Nobody is told of this connection, neither now nor of its end, and it serves no protocol. Called
    /// on the event loop, before anybody sees the connection.
    void keepToItself() {
        announced = false;
    }

    /// True where the remote may open streams of `protocol` on this connection.
    boolean serves(String protocol) {
        return announced && swarm.answered().serves(protocol);
    }

    /// Tells the remote to open no more streams.
    void goAway() {
        handOver(session::goAway);
    }

    @Override
    public String toString() {
        return remotePeer + " at " + remoteAddress;
    }
}
