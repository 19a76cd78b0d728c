// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.io.EOFException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefixMap;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.protocol.relay.HopMessage.Connect;
import network.chiral.edge.libp2p.protocol.relay.HopMessage.Connected;
import network.chiral.edge.libp2p.protocol.relay.HopMessage.Granted;
import network.chiral.edge.libp2p.protocol.relay.HopMessage.Reserve;
import network.chiral.edge.libp2p.protocol.relay.HopMessage.Status;
import network.chiral.edge.libp2p.swarm.Connection;
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

    /// Bytes of a request.
    public static final int MAX_REQUEST = HopMessage.MAX_LENGTH;

    /// From the request to the standing circuit (go-libp2p: handshakeTimeout and connectTimeout).
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    /// For the destination's answer to STOP (go-libp2p's ConnectTimeout is 30 s).
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

    /// For others to get through with the same destination; together with the answer it leaves some of
    /// [#PATIENCE] to tell the source.
    private static final Duration TURN_PATIENCE = Duration.ofSeconds(20);

    private final RelayLimits limits;
    private final Function<PeerId, Optional<Connection>> connections;
    private final Clock clock;
    private final Admission admission;
    private final ReservationTable reservations;
    private final Slots slots;
    private final Circuits circuits;
    private final Turns stopTurns;
    private final List<RelayListener> listeners = new CopyOnWriteArrayList<>();

    /// A relay for everybody, on the machine's threads.
    public HopService(
            Identity identity,
            RelayLimits limits,
            Supplier<List<Multiaddr>> announced,
            Function<PeerId, Optional<Connection>> connections,
            Clock clock) {
        this(identity, new RelayRules(limits, RelayGate.OPEN), announced, connections, clock);
    }

    /// The same with a gate.
    public HopService(
            Identity identity,
            RelayRules rules,
            Supplier<List<Multiaddr>> announced,
            Function<PeerId, Optional<Connection>> connections,
            Clock clock) {
        this(identity, rules, announced, connections, clock, Threads.VIRTUAL);
    }

    /// @param announced where clients can be reached through this relay; asked for each time
    /// @param connections an open connection to a peer
    /// @param threads where a request waits for its turn
    public HopService(
            Identity identity,
            RelayRules rules,
            Supplier<List<Multiaddr>> announced,
            Function<PeerId, Optional<Connection>> connections,
            Clock clock,
            Threads threads) {
        this.limits = rules.limits();
        this.connections = connections;
        this.clock = clock;
        this.admission = new Admission(limits, rules.gate());
        this.reservations = new ReservationTable(limits);
        this.circuits = new Circuits(limits);
        this.slots =
                new Slots(
                        identity,
                        limits,
                        new Slots.Tables(admission, reservations),
                        announced,
                        connections,
                        clock,
                        listeners);
        this.stopTurns = new Turns(RelayLimits.STOPS_PER_DESTINATION, threads);
    }

    public void addListener(RelayListener listener) {
        listeners.add(listener);
    }

    public RelayLimits limits() {
        return limits;
    }

    /// Which autonomous system a prefix belongs to, from now on; empty where nobody knows.
    public void asns(IpPrefixMap<Integer> known) {
        reservations.asns(known);
    }

    // --- what stands

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

    /// True where `peer` is an end of a circuit.
    public boolean carries(PeerId peer) {
        return circuits.carries(peer);
    }

    /// The peers that ended circuits have carried most for, most first; a bounded number is remembered.
    public List<PeerTraffic> topPeers(int count) {
        return circuits.top(count);
    }

    // --- what is decided from outside

    /// Refuses new slots and circuits from now on; what stands goes on.
    public void drain() {
        admission.state(Admission.State.DRAINING);
    }

    /// Serves, or gives no slots and circuits and takes back those slots that are held; circuits go on.
    public void serve(boolean on) {
        if (admission.state() == Admission.State.DRAINING) {
            return;
        }
        admission.state(on ? Admission.State.ON : Admission.State.OFF);
        if (!on) {
            reservations.holders().forEach(this::release);
        }
    }

    /// Asks the gate again about all who hold a slot or are an end of a circuit: those that it lets no
    /// longer lose it.
    public void reconsider() {
        var gate = admission.gate();
        for (var peer : reservations.holders()) {
            if (isRefused(peer, gate::toReserve)) {
                release(peer);
            }
        }
        circuits.end(this::isRefused);
    }

    private boolean isRefused(PeerId source, PeerId destination) {
        var gate = admission.gate();
        return isRefused(source, gate::toConnect) || isRefused(destination, gate::toBeReached);
    }

    private boolean isRefused(PeerId peer, Function<Connection, Optional<Refusal>> rule) {
        return connections.apply(peer).map(rule).filter(Optional::isPresent).isPresent();
    }

    @Override
    public void onDisconnected(Connection connection, boolean last, String reason) {
        if (last) {
            release(connection.remotePeer());
        }
    }

    private void release(PeerId peer) {
        if (reservations.release(peer)) {
            tell(listener -> listener.onReservationReleased(peer));
        }
    }

    // --- the conversation

    /// Answers one HOP stream.
    public void onStream(Stream stream) throws IOException, InterruptedException {
        HopMessage request;
        try {
            request = RelayCodec.parseHop(stream.readMessage(HopMessage.MAX_LENGTH));
        } catch (MalformedMessage | ProtocolViolation | EOFException e) {
            refuseBadRequest(stream, Refusal.MALFORMED);
            return;
        }
        switch (request) {
            case Reserve() -> reply(stream, slots.reserve(stream.connection()));
            case Connect(var destination) -> connect(stream, destination);
            case Granted _, Connected _, Status _ -> refuseBadRequest(stream, Refusal.UNEXPECTED);
        }
    }

    private void refuseBadRequest(Stream stream, Refusal why) throws IOException {
        tell(listener -> listener.onBadRequest(stream.remotePeer(), why));
        reply(stream, new Status(why.status()));
    }

    /// Answers what needs nobody else: a request for a slot. A circuit takes a conversation.
    public Optional<byte[]> answer(Connection connection, byte[] request) {
        try {
            return RelayCodec.parseHop(request) instanceof Reserve
                    ? Optional.of(RelayCodec.toBytes(slots.reserve(connection)))
                    : Optional.empty();
        } catch (MalformedMessage e) {
            return Optional.empty();
        }
    }

    private void connect(Stream source, PeerId destination)
            throws IOException, InterruptedException {
        var refusal = refusal(source.connection(), destination);
        if (refusal.isPresent()) {
            refuse(source, destination, refusal.get());
            return;
        }
        var slot = circuits.slot(source.remotePeer(), destination);
        try {
            var stop = openStop(source.remotePeer(), destination);
            if (stop.isPresent()) {
                join(source, stop.get(), slot, destination);
                return;
            }
        } finally {
            slot.freeUnlessJoined();
        }
        refuse(source, destination, Refusal.DESTINATION_FAILED);
    }

    /// Takes a place among the circuits, or says why there is none.
    private Optional<Refusal> refusal(Connection source, PeerId destination) {
        var now = clock.instant();
        return admission
                .toConnect(source)
                .or(() ->
                        reservations.isReserved(destination, now)
                                ? Optional.empty()
                                : Optional.of(Refusal.NO_RESERVATION))
                .or(() -> connections.apply(destination).flatMap(admission.gate()::toBeReached))
                .or(() -> admission.countCircuit(source, now))
                .or(() -> circuits.begin(source.remotePeer(), destination));
    }

    private void refuse(Stream source, PeerId destination, Refusal why) throws IOException {
        tell(listener -> listener.onCircuitRefused(source.remotePeer(), destination, why));
        reply(source, new Status(why.status()));
    }

    /// Asks the destination to take the circuit; empty where it does not, or is gone.
    private Optional<Stream> openStop(PeerId source, PeerId destination)
            throws InterruptedException {
        if (!stopTurns.await(destination, TURN_PATIENCE)) {
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

    private void join(Stream source, Stream stop, Circuits.Slot slot, PeerId destination)
            throws IOException {
        try {
            reply(source, new Connected(limits.allowance()));
        } catch (IOException e) {
            stop.reset();
            throw e;
        }
        tell(listener -> listener.onCircuitOpened(source.remotePeer(), destination));
        slot.join(source, stop, this::closed);
        if (isRefused(source.remotePeer(), destination)) {
            slot.end(); // by what has changed meanwhile
        }
    }

    private void closed(Circuits.Outcome circuit) {
        tell(listener ->
                listener.onCircuitClosed(
                        circuit.source(),
                        circuit.destination(),
                        circuit.joined(),
                        circuit.lasted()));
    }

    private static void reply(Stream stream, HopMessage message) throws IOException {
        stream.writeMessage(RelayCodec.toBytes(message));
    }

    private void tell(Consumer<RelayListener> event) {
        listeners.forEach(event);
    }
}
