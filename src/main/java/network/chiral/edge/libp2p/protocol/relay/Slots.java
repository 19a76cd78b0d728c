// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.relay.HopMessage.Granted;
import network.chiral.edge.libp2p.protocol.relay.HopMessage.Status;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Request;

/// Gives slots: decides at once, on the event loop that asks, and has the voucher signed elsewhere.
///
/// @param announced where clients can be reached through this relay; asked for each time
/// @param connections an open connection to a peer
/// @param signing runs what signs a voucher: some 70 us that an event loop has no time for
record Slots(
        Identity identity,
        RelayLimits limits,
        Tables tables,
        Supplier<List<Multiaddr>> announced,
        Function<PeerId, Optional<Connection>> connections,
        Clock clock,
        Executor signing,
        List<RelayListener> listeners) {

    /// Who may have one, and who has one.
    record Tables(Admission admission, ReservationTable reservations) {}

    /// Answers a request for a slot, now or once its voucher is signed.
    void reserve(Request request) {
        var connection = request.connection();
        var peer = connection.remotePeer();
        switch (decide(connection)) {
            case Decision.Granted(var expires, var renewal) -> {
                tell(listener -> listener.onReserved(peer, renewal));
                releaseIfGone(connection);
                grant(request, expires);
            }
            case Decision.Refused(var why) -> {
                tell(listener -> listener.onReservationRefused(peer, why));
                request.answer(RelayCodec.toBytes(new Status(why.status())));
            }
        }
    }

    private void grant(Request request, Instant expires) {
        tables.reservations()
                .voucher(request.remotePeer(), expires)
                .ifPresentOrElse(
                        voucher -> answer(request, expires, voucher),
                        () -> signing.execute(() -> signAndGrant(request, expires)));
    }

    private void signAndGrant(Request request, Instant expires) {
        var signed = Voucher.sign(identity, request.remotePeer(), expires);
        tables.reservations().keep(request.remotePeer(), expires, signed);
        answer(request, expires, signed);
    }

    private void answer(Request request, Instant expires, byte[] voucher) {
        var granted = new Granted(expires, announcedWithPeer(), voucher, limits.allowance());
        request.answer(RelayCodec.toBytes(granted));
    }

    /// A peer may leave while it is served, before it held anything that its leaving could free.
    private void releaseIfGone(Connection connection) {
        var peer = connection.remotePeer();
        if (!connection.isOpen() && connections.apply(peer).isEmpty()) {
            tables.reservations().release(peer);
        }
    }

    private Decision decide(Connection connection) {
        var peer = connection.remotePeer();
        var now = clock.instant();
        var refusal =
                tables.admission()
                        .toReserve(connection)
                        .or(() ->
                                announced.get().isEmpty()
                                        ? Optional.of(Refusal.NO_ANNOUNCE_ADDRESS)
                                        : Optional.empty())
                        .or(() ->
                                tables.reservations().isReserved(peer, now)
                                        ? Optional.empty() // a renewal costs nothing
                                        : tables.admission().countReservation(connection, now));
        return refusal.<Decision>map(Decision.Refused::new)
                .orElseGet(() -> grantUnlessRefusedMeanwhile(connection, now));
    }

    /// Who was refused, or everybody, while the slot was given, was not asked to give it back.
    private Decision grantUnlessRefusedMeanwhile(Connection connection, Instant now) {
        var peer = connection.remotePeer();
        var from = connection.remoteSocket().getAddress();
        var decision = tables.reservations().reserve(peer, from, now);
        var late = tables.admission().toReserve(connection);
        if (decision instanceof Decision.Granted(var _, var renewal) && late.isPresent()) {
            boolean released = tables.reservations().release(peer);
            if (renewal && released) {
                tell(listener -> listener.onReservationReleased(peer));
            }
            return new Decision.Refused(late.get());
        }
        return decision;
    }

    private List<Multiaddr> announcedWithPeer() {
        var relay = identity.peerId().bytes();
        return announced.get().stream().map(address -> address.withPeer(relay)).toList();
    }

    private void tell(Consumer<RelayListener> event) {
        listeners.forEach(event);
    }
}
