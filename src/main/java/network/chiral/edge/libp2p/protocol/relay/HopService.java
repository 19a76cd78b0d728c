// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
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
import network.chiral.edge.libp2p.swarm.Request;
import network.chiral.edge.libp2p.swarm.SwarmListener;
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

    private final RelayLimits limits;
    private final Gatekeeper gatekeeper;
    private final Clock clock;
    private final Admission admission;
    private final ReservationTable reservations;
    private final Slots slots;
    private final Circuits circuits;
    private final CircuitRequests circuitRequests;
    private final List<RelayListener> listeners = new CopyOnWriteArrayList<>();

    /// @param announced where clients can be reached through this relay; asked for each time
    /// @param connections an open connection to a peer
    /// @param signing runs what signs a voucher, on a thread that has the time
    public HopService(
            Identity identity,
            RelayRules rules,
            Supplier<List<Multiaddr>> announced,
            Function<PeerId, Optional<Connection>> connections,
            Clock clock,
            Executor signing) {
        this.limits = rules.limits();
        this.gatekeeper = new Gatekeeper(rules.gate(), connections);
        this.clock = clock;
        this.admission = new Admission(limits, rules.gate());
        this.reservations = new ReservationTable(limits);
        this.circuits = new Circuits(limits);
        var tables = new Slots.Tables(admission, reservations);
        this.slots =
                new Slots(
                        identity,
                        limits,
                        tables,
                        announced,
                        connections,
                        clock,
                        signing,
                        listeners);
        this.circuitRequests =
                new CircuitRequests(limits, tables, circuits, gatekeeper, clock, listeners);
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

    /// The slots that are held now, the one that ends first before the others.
    public List<HeldSlot> reservations() {
        return reservations.held(clock.instant());
    }

    /// The circuits that stand now, in no order.
    public List<OpenCircuit> circuits() {
        return circuits.open();
    }

    /// Payload that all circuits have carried since the start, both directions together.
    public long relayedBytes() {
        return circuits.relayedBytes();
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
        for (var peer : reservations.holders()) {
            if (gatekeeper.refusesSlot(peer)) {
                release(peer);
            }
        }
        circuits.end(gatekeeper::refuses);
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

    // --- requests

    /// Answers one HOP stream, on its event loop; a voucher is signed and a circuit comes to stand later.
    public void onRequest(Request request) {
        HopMessage message;
        try {
            message =
                    RelayCodec.parseHop(
                            request.message()
                                    .orElseThrow(() -> new MalformedMessage("no whole message")));
        } catch (MalformedMessage e) {
            refuseBadRequest(request, Refusal.MALFORMED);
            return;
        }
        switch (message) {
            case Reserve() -> slots.reserve(request);
            case Connect(var destination) -> circuitRequests.connect(request, destination);
            case Granted _, Connected _, Status _ -> refuseBadRequest(request, Refusal.UNEXPECTED);
        }
    }

    private void refuseBadRequest(Request request, Refusal why) {
        tell(listener -> listener.onBadRequest(request.remotePeer(), why));
        request.answer(RelayCodec.toBytes(new Status(why.status())));
    }

    private void tell(Consumer<RelayListener> event) {
        listeners.forEach(event);
    }
}
