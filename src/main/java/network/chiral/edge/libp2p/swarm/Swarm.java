// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.muxer.yamux.YamuxLimits;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.security.noise.NoiseKeys;
import network.chiral.edge.libp2p.transport.TcpTransport;

/// All connections of a host: accepts them, keeps them by peer, and begins the conversations on them.
///
/// Safe for use by many threads.
public final class Swarm implements AutoCloseable {
    /// The muxers this swarm offers, best first.
    public static final List<String> MUXERS = List.of(Upgrade.YAMUX);

    private static final System.Logger LOG = System.getLogger(Swarm.class.getName());
    private static final long CLOSE_PATIENCE_NANOS = 1_000_000_000;
    private static final long CLOSE_STEP_MILLIS = 50;

    private final TcpTransport transport;
    private final NoiseKeys noiseKeys;
    private final ConnectionLimits limits;
    private final ConnectionAdmission admission;
    private final LoopTimers timers;
    private final List<SwarmListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<PeerId, List<ChannelConnection>> connections = new ConcurrentHashMap<>();
    private final Map<SocketAddress, Upgrade.UpgradeTarget> expectedDials =
            new ConcurrentHashMap<>();
    private final AnsweredProtocols answered = new AnsweredProtocols();
    private final List<Channel> listening = new CopyOnWriteArrayList<>();
    private final Object gone = new Object(); // told of each departure while closing
    private final Gate gate = new Gate();
    private volatile boolean closing;

    public Swarm(TcpTransport transport, NoiseKeys noiseKeys, ConnectionLimits limits) {
        this.transport = transport;
        this.noiseKeys = noiseKeys;
        this.limits = limits;
        this.admission = new ConnectionAdmission(limits);
        // three visits in an interval of the keepalive, which asks for that
        int period = Math.max(1, (int) (limits.keepAlive().toSeconds() / 3));
        this.timers = new LoopTimers(transport.workers(), period);
    }

    // --- protocols

    /// Answers `protocol` from now on.
    public void serve(ServedProtocol protocol) {
        answered.serve(protocol);
    }

    /// Goes on to answer `protocol`, and no longer says so.
    public void conceal(ProtocolId protocol) {
        answered.conceal(protocol);
    }

    /// Echoes what comes on `protocol`, on the event loop, with at most `perConnection` streams at once.
    public void echo(ProtocolId protocol, int perConnection) {
        answered.echo(protocol, perConnection);
    }

    /// Answers `protocol` no longer; conversations under way go on.
    public void withdraw(ProtocolId protocol) {
        answered.withdraw(protocol);
    }

    /// The protocols that others are told of, in alphabetical order.
    public List<ProtocolId> protocols() {
        return answered.told();
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
            var refusal = refusal(channel);
            if (refusal.isPresent()) {
                channel.close();
                failed(Connection.Direction.INBOUND, refusal.get());
                return;
            }
            var remote = (InetSocketAddress) channel.remoteAddress();
            var expected = expectedDials.get(remote);
            if (expected != null) {
                admission.handshakeOver(remote.getAddress()); // counted by who dials
            }
            var target = expected != null ? expected : new Inbound(remote);
            channel.pipeline().addLast("upgrade", new Upgrade(Swarm.this, target));
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

    private Optional<HandshakeFailure> refusal(Channel channel) {
        if (!closing && !gate.admits(channel.remoteAddress())) {
            return Optional.of(HandshakeFailure.DENIED);
        }
        return admission.accept(channel);
    }

    private final class Inbound implements Upgrade.UpgradeTarget {
        private final InetAddress from;

        Inbound(InetSocketAddress remote) {
            this.from = remote.getAddress();
        }

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
            admission.handshakeOver(from);
            if (!gate.admits(connection)) {
                connection.abandon();
                failed(Connection.Direction.INBOUND, HandshakeFailure.DENIED);
                return;
            }
            onConnected(connection);
        }

        @Override
        public void onFailed(HandshakeFailure failure) {
            admission.handshakeOver(from);
            failed(Connection.Direction.INBOUND, failure);
        }
    }

    void failed(Connection.Direction direction, HandshakeFailure failure) {
        listeners.forEach(listener -> listener.onHandshakeFailed(direction, failure));
    }

    void tell(Consumer<SwarmListener> what) {
        listeners.forEach(what);
    }

    // --- connections

    /// Lets only those be connected whom `lists` permit that, from now on, and closes what is open to
    /// others.
    public void access(AccessLists lists) {
        gate.lists(lists);
        connections().stream().filter(one -> !gate.admits(one)).forEach(Connection::close);
    }

    public void addListener(SwarmListener listener) {
        listeners.add(listener);
    }

    void refused(Connection connection, StreamRefusal why) {
        listeners.forEach(listener -> listener.onStreamRefused(connection, why));
    }

    /// Closes `connection`, which nobody needs.
    void trim(Connection connection, TrimReason reason) {
        listeners.forEach(listener -> listener.onTrimmed(connection, reason));
        connection.close();
    }

    void onConnected(ChannelConnection connection) {
        var refusal = admission.open(connection);
        if (refusal.isPresent()) {
            connection.abandon();
            failed(connection.direction(), refusal.get());
            return;
        }
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
        LOG.log(System.Logger.Level.DEBUG, "Connection closed: {0} reason={1}", connection, reason);
        admission.close(connection);
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
        Connection relayed = null;
        var all = connections.getOrDefault(peer, List.of());
        for (int i = all.size() - 1; i >= 0; i--) {
            var connection = all.get(i);
            if (connection.isOpen() && !connection.isRelayed()) {
                return Optional.of(connection);
            }
            if (connection.isOpen() && relayed == null) {
                relayed = connection;
            }
        }
        return Optional.ofNullable(relayed);
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
        return admission.connectionCount();
    }

    /// What all connections use now.
    public SwarmUsage usage() {
        return admission.usage();
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

    Gate gate() {
        return gate;
    }

    boolean isClosing() {
        return closing;
    }

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

    ConnectionAdmission admission() {
        return admission;
    }

    AnsweredProtocols answered() {
        return answered;
    }

    LoopTimers timers() {
        return timers;
    }

    ByteBufAllocator allocator() {
        return ByteBufAllocator.DEFAULT;
    }

    /// Tells `peer` that no new stream is welcome. go-libp2p goes on with open streams then; rust-libp2p
    /// and js-libp2p close the connection.
    public void goAway(PeerId peer) {
        connections.getOrDefault(peer, List.of()).forEach(ChannelConnection::goAway);
    }

    /// Stops listening, says goodbye on every connection and closes it; waits a second at most until all
    /// are gone and everybody was told.
    @Override
    public void close() {
        closing = true;
        stopListening();
        admission.stop();
        timers.endHandshakes();
        connections().forEach(Connection::close);
        awaitNoConnections(System.nanoTime() + CLOSE_PATIENCE_NANOS);
        timers.close();
        noiseKeys.close();
    }

    private void awaitNoConnections(long deadline) {
        synchronized (gone) {
            try {
                while (connectionCount() > 0 && deadline - System.nanoTime() > 0) {
                    gone.wait(CLOSE_STEP_MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
