// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import network.chiral.edge.libp2p.muxer.yamux.WindowBudget;
import network.chiral.edge.libp2p.muxer.yamux.YamuxLimits;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.security.noise.NoiseKeys;
import network.chiral.edge.libp2p.transport.TcpTransport;
import org.jspecify.annotations.Nullable;

/// All connections of a host: accepts them, keeps them by peer, and begins the conversations on them.
///
/// Safe for use by many threads.
public final class Swarm implements AutoCloseable {
    /// The muxers this swarm offers, best first.
    public static final List<String> MUXERS = List.of(Upgrade.YAMUX);

    private static final long CLOSE_PATIENCE_NANOS = 1_000_000_000;
    private static final long CLOSE_STEP_MILLIS = 50;

    private final TcpTransport transport;
    private final NoiseKeys noiseKeys;
    private final ConnectionLimits limits;
    private final WindowBudget windowBudget;
    private final LoopTimers timers;
    private final List<SwarmListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<PeerId, List<ChannelConnection>> connections = new ConcurrentHashMap<>();
    private final AtomicInteger connectionCount = new AtomicInteger();
    private final AtomicInteger inboundHandshakes = new AtomicInteger();
    private final Map<SocketAddress, Upgrade.UpgradeTarget> expectedDials =
            new ConcurrentHashMap<>();
    private final Map<String, ServedProtocol> served = new ConcurrentHashMap<>();
    private final Map<String, Integer> echoes = new ConcurrentHashMap<>();
    private final List<Channel> listening = new CopyOnWriteArrayList<>();
    private final Object gone = new Object(); // told of each departure while closing
    private volatile boolean closing;

    public Swarm(TcpTransport transport, NoiseKeys noiseKeys, ConnectionLimits limits) {
        this.transport = transport;
        this.noiseKeys = noiseKeys;
        this.limits = limits;
        this.windowBudget = new WindowBudget(limits.windowGrowthBytes());
        this.timers = new LoopTimers(transport.workers());
    }

    // --- protocols

    /// Answers `protocol` from now on.
    public void serve(ServedProtocol protocol) {
        served.put(protocol.id().name(), protocol);
    }

    /// Echoes what comes on `protocol`, on the event loop, with at most `perConnection` streams at once.
    public void echo(ProtocolId protocol, int perConnection) {
        echoes.put(protocol.name(), perConnection);
    }

    /// Answers `protocol` no longer; conversations under way go on.
    public void withdraw(ProtocolId protocol) {
        served.remove(protocol.name());
    }

    /// The protocols answered now, in alphabetical order.
    public List<ProtocolId> protocols() {
        var names = new TreeSet<>(served.keySet());
        names.addAll(echoes.keySet());
        return names.stream().map(ProtocolId::new).toList();
    }

    boolean serves(String protocol) {
        return served.containsKey(protocol) || echoes.containsKey(protocol);
    }

    /// Begins the conversation on an inbound stream whose protocol is agreed on, and returns the stream
    /// as the conversation sees it; null where too many are under way. Called on the event loop.
    MuxedStream.@Nullable Consumer begin(
            ChannelConnection connection, MuxedStream muxed, ProtocolId protocol) {
        var counts = connection.inboundStreams();
        var echoed = echoes.get(protocol.name());
        if (echoed != null) {
            if (!counts.begin(protocol, echoed)) {
                return null;
            }
            var echo = new Echo(muxed, () -> counts.end(protocol));
            muxed.consumer(echo);
            return echo;
        }
        var handler = served.get(protocol.name());
        if (handler == null || !counts.begin(protocol, handler.perConnection())) {
            return null;
        }
        var stream = new ChannelStream(connection, muxed, protocol, null);
        stream.deadline(handler.patience());
        muxed.consumer(stream);
        Thread.ofVirtual().start(() -> converse(handler, stream, counts));
        return stream;
    }

    /// One of the two catch-alls of this program: whatever a conversation throws ends its stream only.
    private static void converse(
            ServedProtocol protocol, ChannelStream stream, StreamCounts counts) {
        try {
            protocol.handler().onStream(stream);
            stream.conversationOver();
        } catch (IOException e) {
            stream.reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stream.reset();
        } catch (RuntimeException e) {
            stream.reset();
            System.getLogger(Swarm.class.getName())
                    .log(System.Logger.Level.ERROR, "conversation on " + protocol.id(), e);
        } finally {
            counts.end(protocol.id());
        }
    }

    // --- listening

    /// Listens on `socket` and waits until it accepts.
    ///
    /// @return where it really listens, for a port of 0
    /// @throws IOException where the address cannot be bound
    public InetSocketAddress listen(InetSocketAddress socket) throws IOException {
        var bound = transport.listen(socket, new Acceptor());
        bound.awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + socket + ": " + bound.cause().getMessage(),
                    bound.cause());
        }
        listening.add(bound.channel());
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /// True while every listener accepts.
    public boolean isListening() {
        return !listening.isEmpty() && listening.stream().allMatch(Channel::isActive);
    }

    /// True where one of the listeners has this port.
    public boolean isListeningOn(int port) {
        return listening.stream()
                .map(channel -> (InetSocketAddress) channel.localAddress())
                .anyMatch(own -> own != null && own.getPort() == port);
    }

    /// Accepts no more connections; open ones go on.
    public void stopListening() {
        listening.forEach(channel -> channel.close().awaitUninterruptibly(1_000));
    }

    /// How long ago the slowest event loop came round.
    public Duration eventLoopLag() {
        return Duration.ofNanos(timers.staleNanos());
    }

    /// Puts each accepted channel through the upgrade, if the limits allow.
    private final class Acceptor extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel channel) {
            var refusal = refusal();
            if (refusal.isPresent()) {
                channel.close();
                failed(Connection.Direction.INBOUND, refusal.get());
                return;
            }
            var expected = expectedDials.get(channel.remoteAddress());
            if (expected != null) {
                channel.pipeline().addLast("upgrade", new Upgrade(Swarm.this, expected));
                return;
            }
            inboundHandshakes.incrementAndGet();
            channel.pipeline().addLast("upgrade", new Upgrade(Swarm.this, new Inbound()));
        }
    }

    /// Lets a connection that comes in from `socket` be `target`'s: both sides dial, and who accepts is
    /// chance.
    void expect(SocketAddress socket, Upgrade.UpgradeTarget target) {
        expectedDials.put(socket, target);
    }

    void expectNoMore(SocketAddress socket, Upgrade.UpgradeTarget target) {
        expectedDials.remove(socket, target);
    }

    Optional<HandshakeFailure> refusal() {
        if (closing) {
            return Optional.of(HandshakeFailure.SHUTTING_DOWN);
        }
        if (isFull()) {
            return Optional.of(HandshakeFailure.TOO_MANY_CONNECTIONS);
        }
        int handshakes = limits.inboundHandshakes();
        return handshakes > 0 && inboundHandshakes.get() >= handshakes
                ? Optional.of(HandshakeFailure.TOO_MANY_HANDSHAKES)
                : Optional.empty();
    }

    private boolean isFull() {
        int sockets = connectionCount.get() + inboundHandshakes.get();
        return limits.connections() > 0 && sockets >= limits.connections();
    }

    private final class Inbound implements Upgrade.UpgradeTarget {
        @Override
        public Optional<PeerId> expected() {
            return Optional.empty();
        }

        @Override
        public Optional<Multiaddr> dialled() {
            return Optional.empty();
        }

        @Override
        public void onReady(ChannelConnection connection) {
            inboundHandshakes.decrementAndGet();
            onConnected(connection);
        }

        @Override
        public void onFailed(HandshakeFailure failure) {
            inboundHandshakes.decrementAndGet();
            failed(Connection.Direction.INBOUND, failure);
        }
    }

    void failed(Connection.Direction direction, HandshakeFailure failure) {
        listeners.forEach(listener -> listener.onHandshakeFailed(direction, failure));
    }

    // --- connections

    public void addListener(SwarmListener listener) {
        listeners.add(listener);
    }

    void onConnected(ChannelConnection connection) {
        connectionCount.incrementAndGet();
        connections.compute(
                connection.remotePeer(),
                (_, held) -> {
                    var all =
                            held == null
                                    ? new ArrayList<ChannelConnection>(1)
                                    : new ArrayList<>(held);
                    all.add(connection);
                    return List.copyOf(all);
                });
        listeners.forEach(listener -> listener.onConnected(connection));
        if (closing) {
            connection.close();
        }
    }

    void onClosed(ChannelConnection connection, String reason) {
        connectionCount.decrementAndGet();
        var left =
                connections.computeIfPresent(
                        connection.remotePeer(),
                        (_, held) -> {
                            var rest = held.stream().filter(one -> one != connection).toList();
                            return rest.isEmpty() ? null : rest;
                        });
        listeners.forEach(l -> l.onDisconnected(connection, left == null, reason));
        if (closing) {
            synchronized (gone) {
                gone.notifyAll();
            }
        }
    }

    /// An open connection to `peer`: a direct one before a relayed one, the youngest where there are
    /// several.
    public Optional<Connection> connection(PeerId peer) {
        return connections(peer).stream().min(Comparator.comparing(Connection::isRelayed));
    }

    /// All open connections to `peer`, the youngest first.
    public List<Connection> connections(PeerId peer) {
        return connections.getOrDefault(peer, List.of()).reversed().stream()
                .filter(ChannelConnection::isOpen)
                .map(Connection.class::cast)
                .toList();
    }

    /// All open connections.
    public List<Connection> connections() {
        return connections.values().stream().<Connection>flatMap(List::stream).toList();
    }

    public int connectionCount() {
        return connectionCount.get();
    }

    /// Peers with at least one connection.
    public int peerCount() {
        return connections.size();
    }

    /// Makes a connection of a stream that a relay joined to one of the peer at the other end of
    /// `circuit`; the stream may not be used otherwise afterwards. Blocks until the peer has proved who
    /// it is; an interrupt gives up.
    public Connection upgrade(Stream stream, Circuit circuit)
            throws CircuitException, InterruptedException {
        return new CircuitUpgrade(this, circuit).of((ChannelStream) stream);
    }

    // --- what the parts of this package share

    TcpTransport transport() {
        return transport;
    }

    NoiseKeys noiseKeys() {
        return noiseKeys;
    }

    ConnectionLimits limits() {
        return limits;
    }

    YamuxLimits yamuxLimits() {
        return YamuxLimits.DEFAULT;
    }

    WindowBudget windowBudget() {
        return windowBudget;
    }

    LoopTimers timers() {
        return timers;
    }

    ByteBufAllocator allocator() {
        return ByteBufAllocator.DEFAULT;
    }

    /// Tells every remote that no new stream is welcome.
    public void goAway() {
        connections.values().stream().flatMap(List::stream).forEach(ChannelConnection::goAway);
    }

    /// Stops listening, says goodbye on every connection and closes it; waits a second at most until all
    /// are gone and everybody was told.
    @Override
    public void close() {
        closing = true;
        stopListening();
        connections().forEach(Connection::close);
        awaitNoConnections(System.nanoTime() + CLOSE_PATIENCE_NANOS);
        timers.close();
    }

    private void awaitNoConnections(long deadline) {
        synchronized (gone) {
            try {
                while (connectionCount.get() > 0 && deadline - System.nanoTime() > 0) {
                    gone.wait(CLOSE_STEP_MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
