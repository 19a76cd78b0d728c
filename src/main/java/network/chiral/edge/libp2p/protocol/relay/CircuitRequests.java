// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.relay.HopMessage.Connected;
import network.chiral.edge.libp2p.protocol.relay.HopMessage.Status;
import network.chiral.edge.libp2p.swarm.Inquiry;
import network.chiral.edge.libp2p.swarm.Reply;
import network.chiral.edge.libp2p.swarm.Request;
import network.chiral.edge.libp2p.wire.MalformedMessage;

/// Answers requests for a circuit: asks the destination by STOP, and joins it to the source. Waits on no
/// thread, so an event loop may ask, and what comes later is done on the loop where it comes.
final class CircuitRequests {
    /// For the destination's answer to STOP (go-libp2p's ConnectTimeout is 30 s).
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

    /// For others to get through with the same destination; together with the answer it leaves some of
    /// [HopService#PATIENCE] to tell the source.
    private static final Duration TURN_PATIENCE = Duration.ofSeconds(20);

    private final RelayLimits limits;
    private final Admission admission;
    private final ReservationTable reservations;
    private final Circuits circuits;
    private final Gatekeeper gatekeeper;
    private final Clock clock;
    private final List<RelayListener> listeners;
    private final Turns stopTurns = new Turns(RelayLimits.STOPS_PER_DESTINATION);
    private final byte[] connected;

    CircuitRequests(
            RelayLimits limits,
            Slots.Tables tables,
            Circuits circuits,
            Gatekeeper gatekeeper,
            Clock clock,
            List<RelayListener> listeners) {
        this.limits = limits;
        this.admission = tables.admission();
        this.reservations = tables.reservations();
        this.circuits = circuits;
        this.gatekeeper = gatekeeper;
        this.clock = clock;
        this.listeners = listeners;
        this.connected = RelayCodec.toBytes(new Connected(limits.allowance()));
    }

    /// Joins the stream of `request` to one of `destination`, or says why not.
    void connect(Request request, PeerId destination) {
        var refusal = refusal(request, destination);
        if (refusal.isPresent()) {
            refuse(request, destination, refusal.get());
        } else {
            new Attempt(request, destination).begin();
        }
    }

    /// Takes a place among the circuits, or says why there is none.
    private Optional<Refusal> refusal(Request request, PeerId destination) {
        var source = request.connection();
        var now = clock.instant();
        return admission
                .toConnect(source)
                .or(() ->
                        reservations.isReserved(destination, now)
                                ? Optional.empty()
                                : Optional.of(Refusal.NO_RESERVATION))
                .or(() -> gatekeeper.toBeReached(destination))
                .or(() -> admission.countCircuit(source, now))
                .or(() -> circuits.begin(source.remotePeer(), destination));
    }

    private void refuse(Request request, PeerId destination, Refusal why) {
        tell(listener -> listener.onCircuitRefused(request.remotePeer(), destination, why));
        request.answer(RelayCodec.toBytes(new Status(why.status())));
    }

    private void tell(Consumer<RelayListener> event) {
        listeners.forEach(event);
    }

    /// A request that has its place among the circuits.
    ///
    /// ```
    /// waits for its turn --onTurn--> asks --answered--> joined, or given up
    ///    +--------- late, or the destination is gone -----------------^
    /// ```
    private final class Attempt implements Turns.Waiter {
        private final Request request;
        private final PeerId source;
        private final PeerId destination;
        private final Circuits.Slot slot;

        Attempt(Request request, PeerId destination) {
            this.request = request;
            this.source = request.remotePeer();
            this.destination = destination;
            this.slot = circuits.slot(source, destination);
        }

        void begin() {
            if (stopTurns.give(destination, this)) {
                request.within(TURN_PATIENCE, this::late);
            }
        }

        private void late() {
            if (stopTurns.leave(destination, this)) {
                giveUp();
            }
        }

        @Override
        public boolean onTurn() {
            if (!request.isOpen()) {
                slot.freeUnlessJoined(); // nobody is left to tell
                return false;
            }
            var connection = gatekeeper.connections().apply(destination);
            if (connection.isEmpty()) {
                giveUp();
                return false;
            }
            var stop = new StopMessage.Connect(source, limits.allowance());
            var inquiry =
                    new Inquiry(
                            HopService.STOP,
                            RelayCodec.toBytes(stop),
                            HopMessage.MAX_LENGTH,
                            STOP_PATIENCE);
            connection.get().inquire(inquiry, this::answered);
            return true;
        }

        private void answered(Optional<Reply> reply) {
            if (reply.isEmpty() || !isOk(reply.get().message())) {
                giveUp();
            } else if (request.isOpen()) {
                join(reply.get());
            } else {
                slot.freeUnlessJoined();
            }
            stopTurns.done(destination);
        }

        private void join(Reply reply) {
            tell(listener -> listener.onCircuitOpened(source, destination));
            slot.join(request, connected, reply, CircuitRequests.this::closed);
            if (gatekeeper.refuses(source, destination)) {
                slot.end(); // by what has changed meanwhile
            }
        }

        private void giveUp() {
            slot.freeUnlessJoined();
            refuse(request, destination, Refusal.DESTINATION_FAILED);
        }
    }

    private static boolean isOk(byte[] answer) {
        try {
            return RelayCodec.parseStop(answer) instanceof StopMessage.Status(var status)
                    && status == RelayStatus.OK;
        } catch (MalformedMessage e) {
            return false;
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
}
