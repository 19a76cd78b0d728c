// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.dcutr;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.protocol.dcutr.DcutrListener.Outcome;
import network.chiral.edge.libp2p.protocol.dcutr.DcutrListener.Side;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.DirectRole;
import network.chiral.edge.libp2p.swarm.ProtocolViolation;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.swarm.SwarmListener;
import network.chiral.edge.libp2p.swarm.Threads;

/// Makes direct connections of relayed ones, by both sides dialling at the same moment.
///
/// ```
/// B took the circuit in                         A asked for it
///   dials A's public addresses, else
///   CONNECT(own addresses) ------------------->
///   <------------------- CONNECT(own addresses)
///   SYNC ------------------------------------->
///   half a round trip later: dials A            dials B at once, and speaks first
/// ```
public final class DcutrService implements SwarmListener {
    public static final ProtocolId PROTOCOL = new ProtocolId("/libp2p/dcutr");

    /// relay/DCUtR.md: "SHOULD retry twice (thus a total of 3 attempts)".
    static final int ATTEMPTS = 3;

    /// Addresses told; a round of dials is at most twice as many (observed ones first).
    private static final int MAX_TOLD = 8;

    /// Upgrades under way at once; more relayed connections stay relayed.
    private static final int MAX_ACTIVE = 32;

    private static final int PER_CONNECTION = 2;

    /// For one exchange (go-libp2p's StreamTimeout).
    private static final Duration STREAM_PATIENCE = Duration.ofMinutes(1);

    /// For one round of dials (rust and go: 10 s; half of it lets three rounds end within 15 s).
    private static final Duration DIAL_PATIENCE = Duration.ofSeconds(5);

    /// Streams on the relayed connection get this long to end once there is a direct one.
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final AddressScope scope;
    private final Supplier<List<Multiaddr>> own;
    private final Network network;
    private final Threads threads;
    private final Clock clock;
    private final Set<Connection> tried = ConcurrentHashMap.newKeySet();
    private final Set<PeerId> active = ConcurrentHashMap.newKeySet();
    private final List<DcutrListener> listeners = new CopyOnWriteArrayList<>();

    /// What the service needs of the swarm.
    public interface Network {
        /// Open connections to `peer`.
        List<Connection> connections(PeerId peer);

        /// A direct connection to `peer`; see [network.chiral.edge.libp2p.swarm.Dialer#dialDirect].
        Connection dial(PeerId peer, List<Multiaddr> addresses, DirectRole role, Duration patience)
                throws IOException, InterruptedException;
    }

    /// @param scope which addresses that a peer names may be dialled
    /// @param own where this node may be reached without a relay, by its own and others' view; asked
    ///     for each time
    public DcutrService(
            AddressScope scope,
            Supplier<List<Multiaddr>> own,
            Network network,
            Threads threads,
            Clock clock) {
        this.scope = scope;
        this.own = own;
        this.network = network;
        this.threads = threads;
        this.clock = clock;
    }

    /// This service as the swarm serves it.
    public ServedProtocol served() {
        return new ServedProtocol(PROTOCOL, this::onStream, PER_CONNECTION, STREAM_PATIENCE);
    }

    public void addListener(DcutrListener listener) {
        listeners.add(listener);
    }

    @Override
    public void onDisconnected(Connection connection, boolean last, String reason) {
        tried.remove(connection);
    }

    private boolean hasDirect(PeerId peer) {
        return network.connections(peer).stream().anyMatch(one -> !one.isRelayed());
    }

    /// What of `addresses` may be dialled: plain TCP to an IP in scope, never a name.
    private List<Multiaddr> dialable(List<Multiaddr> addresses) {
        return addresses.stream()
                .filter(address -> address.tcpSocket().isPresent())
                .filter(scope::allows)
                .distinct()
                .limit(DcutrCodec.MAX_ADDRESSES)
                .toList();
    }

    private List<Multiaddr> told() {
        return dialable(own.get()).stream().limit(MAX_TOLD).toList();
    }

    // --- the side that took the circuit in

    /// The peer of `connection` has described itself. Where the connection came in through a relay, a
    /// direct one is tried, once.
    public void onIdentified(Connection connection, List<Multiaddr> addresses) {
        var peer = connection.remotePeer();
        if (!connection.isRelayed()
                || connection.direction() != Connection.Direction.INBOUND
                || active.size() >= MAX_ACTIVE
                || !tried.add(connection)) {
            return;
        }
        if (!connection.isOpen()) { // it left before it could be forgotten
            tried.remove(connection);
        } else if (active.add(peer)) {
            threads.start("dcutr", () -> upgrade(connection, addresses));
        }
    }

    private void upgrade(Connection connection, List<Multiaddr> addresses) {
        var peer = connection.remotePeer();
        try {
            if (hasDirect(peer) || dialAlone(peer, dialable(addresses)) || punch(connection)) {
                leaveRelay(peer);
            }
        } catch (IOException e) {
            tell(listener -> listener.onProtocolError(peer, String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            active.remove(peer);
        }
    }

    private boolean dialAlone(PeerId peer, List<Multiaddr> addresses) throws InterruptedException {
        if (addresses.isEmpty()) {
            return false;
        }
        boolean success = dial(peer, addresses, DirectRole.ALONE);
        tell(listener -> listener.onDirectDial(peer, success));
        return success;
    }

    private boolean dial(PeerId peer, List<Multiaddr> addresses, DirectRole role)
            throws InterruptedException {
        try {
            network.dial(peer, addresses, role, DIAL_PATIENCE);
            return true;
        } catch (IOException e) {
            return hasDirect(peer); // its own dial may have come in meanwhile
        }
    }

    private boolean punch(Connection connection) throws IOException, InterruptedException {
        var peer = connection.remotePeer();
        List<Multiaddr> theirs = List.of();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            var mine = told();
            var exchanged =
                    mine.isEmpty() ? new Exchange(List.of(), Duration.ZERO) : ask(connection, mine);
            theirs = exchanged.theirs();
            if (theirs.isEmpty()) {
                finish(peer, Side.INITIATOR, attempt, Outcome.NO_SUITABLE_ADDRESS, theirs);
                return false;
            }
            threads.sleep(exchanged.roundTrip().dividedBy(2));
            // the last time as client, as go-libp2p does: the peer may have accepted our dial
            // instead of dialling itself, and waits for us to speak
            var role = attempt == ATTEMPTS ? DirectRole.CLIENT : DirectRole.SERVER;
            if (dial(peer, theirs, role)) {
                finish(peer, Side.INITIATOR, attempt, Outcome.SUCCESS, theirs);
                return true;
            }
        }
        finish(peer, Side.INITIATOR, ATTEMPTS, Outcome.FAILED, theirs);
        return false;
    }

    private record Exchange(List<Multiaddr> theirs, Duration roundTrip) {}

    private Exchange ask(Connection connection, List<Multiaddr> mine) throws IOException {
        var stream = connection.open(PROTOCOL);
        try {
            stream.deadline(STREAM_PATIENCE);
            var asked = clock.instant();
            stream.writeMessage(DcutrCodec.toBytes(new DcutrMessage.Connect(mine)));
            var theirs = connect(stream);
            var roundTrip = Duration.between(asked, clock.instant());
            stream.writeMessage(DcutrCodec.toBytes(new DcutrMessage.Sync()));
            stream.closeWrite();
            return new Exchange(theirs, roundTrip.isNegative() ? Duration.ZERO : roundTrip);
        } catch (IOException e) {
            stream.reset();
            throw e;
        }
    }

    private List<Multiaddr> connect(Stream stream) throws IOException {
        return switch (DcutrCodec.parse(stream.readMessage(DcutrMessage.MAX_LENGTH))) {
            case DcutrMessage.Connect(var addresses) -> dialable(addresses);
            case DcutrMessage.Sync() -> throw new ProtocolViolation("SYNC before CONNECT");
        };
    }

    /// New streams take the direct connection by themselves; those on the circuit get time to end.
    private void leaveRelay(PeerId peer) throws InterruptedException {
        active.remove(peer);
        threads.sleep(GRACE);
        if (hasDirect(peer)) {
            network.connections(peer).stream()
                    .filter(Connection::isRelayed)
                    .forEach(Connection::close);
        }
    }

    // --- the side that asked for the circuit

    void onStream(Stream stream) throws IOException, InterruptedException {
        var connection = stream.connection();
        if (!connection.isRelayed() || connection.direction() != Connection.Direction.OUTBOUND) {
            throw new ProtocolViolation("DCUtR runs on a circuit, and is asked by who took it in");
        }
        var peer = stream.remotePeer();
        List<Multiaddr> theirs;
        try {
            theirs = connect(stream);
            var mine = told();
            if (mine.isEmpty() || theirs.isEmpty()) {
                finish(peer, Side.RECEIVER, 1, Outcome.NO_SUITABLE_ADDRESS, theirs);
                stream.reset();
                return;
            }
            stream.writeMessage(DcutrCodec.toBytes(new DcutrMessage.Connect(mine)));
            awaitSync(stream);
        } catch (IOException e) {
            tell(listener -> listener.onProtocolError(peer, String.valueOf(e.getMessage())));
            stream.reset();
            return;
        }
        stream.closeWrite();
        boolean success = hasDirect(peer) || dial(peer, theirs, DirectRole.CLIENT);
        finish(peer, Side.RECEIVER, 1, success ? Outcome.SUCCESS : Outcome.FAILED, theirs);
    }

    private static void awaitSync(Stream stream) throws IOException {
        var message = DcutrCodec.parse(stream.readMessage(DcutrMessage.MAX_LENGTH));
        if (!(message instanceof DcutrMessage.Sync)) {
            throw new ProtocolViolation("CONNECT where SYNC is due");
        }
    }

    private void finish(
            PeerId peer, Side side, int attempts, Outcome outcome, List<Multiaddr> theirs) {
        tell(listener -> listener.onFinished(peer, side, attempts, outcome, theirs));
    }

    private void tell(Consumer<DcutrListener> event) {
        listeners.forEach(event);
    }
}
