// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.protocol.relay.HopMessage.Connect;
import network.chiral.edge.libp2p.protocol.relay.HopMessage.Connected;
import network.chiral.edge.libp2p.protocol.relay.HopMessage.Granted;
import network.chiral.edge.libp2p.protocol.relay.HopMessage.Reserve;
import network.chiral.edge.libp2p.protocol.relay.HopMessage.Status;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Joined;
import network.chiral.edge.libp2p.swarm.ProtocolViolation;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.swarm.SwarmListener;
import network.chiral.edge.libp2p.swarm.Threads;
import network.chiral.edge.libp2p.wire.MalformedMessage;

/// The relay's side of circuit relay v2: gives slots, and joins sources to destinations that hold one.
public final class HopService implements SwarmListener {
    public static final ProtocolId HOP = new ProtocolId("/libp2p/circuit/relay/0.2.0/hop");
    public static final ProtocolId STOP = new ProtocolId("/libp2p/circuit/relay/0.2.0/stop");

    /// Requests at once on one connection (go-libp2p's relay service: 64 streams per peer).
    public static final int REQUESTS_PER_CONNECTION = 64;

    /// From the request to the standing circuit (go-libp2p: handshakeTimeout and connectTimeout).
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    /// For the destination's answer to STOP (go-libp2p's ConnectTimeout is 30 s).
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

    private final Identity identity;
    private final RelayLimits limits;
    private final Supplier<List<Multiaddr>> announced;
    private final Function<PeerId, Optional<Connection>> connections;
    private final Clock clock;
    private final ReservationTable reservations;
    private final CircuitTable circuits;
    private final Turns stopTurns;
    private final List<RelayListener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean draining;

    /// A relay on the machine's threads.
    public HopService(
            Identity identity,
            RelayLimits limits,
            Supplier<List<Multiaddr>> announced,
            Function<PeerId, Optional<Connection>> connections,
            Clock clock) {
        this(identity, limits, announced, connections, clock, Threads.VIRTUAL);
    }

    /// @param announced where clients can be reached through this relay; asked for each time
    /// @param connections an open connection to a peer
    /// @param threads where a request waits for its turn
    public HopService(
            Identity identity,
            RelayLimits limits,
            Supplier<List<Multiaddr>> announced,
            Function<PeerId, Optional<Connection>> connections,
            Clock clock,
            Threads threads) {
        this.identity = identity;
        this.limits = limits;
        this.announced = announced;
        this.connections = connections;
        this.clock = clock;
        this.reservations = new ReservationTable(limits);
        this.circuits = new CircuitTable(limits);
        this.stopTurns = new Turns(RelayLimits.STOPS_PER_DESTINATION, threads);
    }

    public void addListener(RelayListener listener) {
        listeners.add(listener);
    }

    public RelayLimits limits() {
        return limits;
    }

    /// Reservations held now.
    public int reservationCount() {
        return reservations.size(clock.instant());
    }

    /// Circuits open now.
    public int circuitCount() {
        return circuits.size();
    }

    public boolean isReserved(PeerId peer) {
        return reservations.isReserved(peer, clock.instant());
    }

    /// Refuses new slots and circuits from now on; what stands goes on.
    public void drain() {
        draining = true;
    }

    @Override
    public void onDisconnected(Connection connection, boolean last, String reason) {
        if (last && reservations.release(connection.remotePeer())) {
            tell(listener -> listener.onReservationReleased(connection.remotePeer()));
        }
    }

    // --- the conversation

    /// Answers one HOP stream.
    public void onStream(Stream stream) throws IOException, InterruptedException {
        HopMessage request;
        try {
            request = RelayCodec.parseHop(stream.readMessage(HopMessage.MAX_LENGTH));
        } catch (MalformedMessage | ProtocolViolation e) {
            refuseBadRequest(stream, Refusal.MALFORMED);
            return;
        }
        switch (request) {
            case Reserve() -> reserve(stream);
            case Connect(var destination) -> connect(stream, destination);
            case Granted _, Connected _, Status _ -> refuseBadRequest(stream, Refusal.UNEXPECTED);
        }
    }

    private void refuseBadRequest(Stream stream, Refusal why) throws IOException {
        tell(listener -> listener.onBadRequest(stream.remotePeer(), why));
        reply(stream, new Status(why.status()));
    }

    private void reserve(Stream stream) throws IOException {
        var peer = stream.remotePeer();
        switch (decide(stream)) {
            case Decision.Granted(var expires, var renewal) -> {
                var addresses = announcedWithPeer();
                var voucher = Voucher.sign(identity, peer, expires);
                tell(listener -> listener.onReserved(peer, renewal));
                try {
                    reply(stream, new Granted(expires, addresses, voucher, limits.allowance()));
                } finally {
                    releaseIfGone(stream.connection());
                }
            }
            case Decision.Refused(var why) -> {
                tell(listener -> listener.onReservationRefused(peer, why));
                reply(stream, new Status(why.status()));
            }
        }
    }

    /// A peer may leave while it is served, before it held anything that its leaving could free.
    private void releaseIfGone(Connection connection) {
        var peer = connection.remotePeer();
        if (!connection.isOpen() && connections.apply(peer).isEmpty()) {
            reservations.release(peer);
        }
    }

    private Decision decide(Stream stream) {
        if (draining) {
            return new Decision.Refused(Refusal.DRAINING);
        }
        if (announced.get().isEmpty()) {
            return new Decision.Refused(Refusal.NO_ANNOUNCE_ADDRESS);
        }
        var from = stream.connection().remoteSocket().getAddress();
        return reservations.reserve(stream.remotePeer(), from, clock.instant());
    }

    private List<Multiaddr> announcedWithPeer() {
        var relay = identity.peerId().bytes();
        return announced.get().stream().map(address -> address.withPeer(relay)).toList();
    }

    private void connect(Stream source, PeerId destination)
            throws IOException, InterruptedException {
        var refusal = refusal(source.remotePeer(), destination);
        if (refusal.isPresent()) {
            refuse(source, destination, refusal.get());
            return;
        }
        var slot = new CircuitSlot(source.remotePeer(), destination);
        try {
            var stop = openStop(source.remotePeer(), destination);
            if (stop.isPresent()) {
                join(source, stop.get(), slot);
                return;
            }
        } finally {
            slot.freeUnlessJoined();
        }
        refuse(source, destination, Refusal.DESTINATION_FAILED);
    }

    /// Takes a slot of the circuit table, or says why there is none.
    private Optional<Refusal> refusal(PeerId source, PeerId destination) {
        if (draining) {
            return Optional.of(Refusal.DRAINING);
        }
        if (!reservations.isReserved(destination, clock.instant())) {
            return Optional.of(Refusal.NO_RESERVATION);
        }
        return circuits.begin(source, destination);
    }

    private void refuse(Stream source, PeerId destination, Refusal why) throws IOException {
        tell(listener -> listener.onCircuitRefused(source.remotePeer(), destination, why));
        reply(source, new Status(why.status()));
    }

    /// Asks the destination to take the circuit; empty where it does not, or is gone.
    private Optional<Stream> openStop(PeerId source, PeerId destination)
            throws InterruptedException {
        if (!stopTurns.await(destination, STOP_PATIENCE)) {
            return Optional.empty();
        }
        try {
            var connection = connections.apply(destination);
            return connection.isEmpty() ? Optional.empty() : askToStop(connection.get(), source);
        } catch (IOException e) {
            return Optional.empty();
        } finally {
            stopTurns.done(destination);
        }
    }

    private Optional<Stream> askToStop(Connection connection, PeerId source) throws IOException {
        var stop = connection.open(STOP);
        try {
            stop.deadline(STOP_PATIENCE);
            var request = new StopMessage.Connect(source, limits.allowance());
            stop.writeMessage(RelayCodec.toBytes(request));
            var answer = RelayCodec.parseStop(stop.readMessage(HopMessage.MAX_LENGTH));
            if (answer instanceof StopMessage.Status(var status) && status == RelayStatus.OK) {
                return Optional.of(stop);
            }
        } catch (IOException e) {
            stop.reset();
            throw e;
        }
        stop.reset();
        return Optional.empty();
    }

    private void join(Stream source, Stream stop, CircuitSlot slot) throws IOException {
        try {
            reply(source, new Connected(limits.allowance()));
        } catch (IOException e) {
            stop.reset();
            throw e;
        }
        slot.joined.set(true);
        long began = System.nanoTime();
        tell(listener -> listener.onCircuitOpened(slot.source, slot.destination));
        source.join(stop, limits.allowance())
                .thenAccept(
                        joined -> slot.close(joined, Duration.ofNanos(System.nanoTime() - began)));
    }

    private static void reply(Stream stream, HopMessage message) throws IOException {
        stream.writeMessage(RelayCodec.toBytes(message));
    }

    private void tell(Consumer<RelayListener> event) {
        listeners.forEach(event);
    }

    /// A place in the circuit table, given back exactly once.
    private final class CircuitSlot {
        private final PeerId source;
        private final PeerId destination;
        private final AtomicBoolean joined = new AtomicBoolean();

        CircuitSlot(PeerId source, PeerId destination) {
            this.source = source;
            this.destination = destination;
        }

        void freeUnlessJoined() {
            if (!joined.get()) {
                circuits.end(source, destination);
            }
        }

        void close(Joined outcome, Duration lasted) {
            circuits.end(source, destination);
            tell(l -> l.onCircuitClosed(source, destination, outcome, lasted));
        }
    }
}
