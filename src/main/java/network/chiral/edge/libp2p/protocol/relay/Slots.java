// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.relay.HopMessage.Granted;
import network.chiral.edge.libp2p.protocol.relay.HopMessage.Status;
import network.chiral.edge.libp2p.swarm.Connection;

/// Gives slots: decides, and signs the voucher. Waits for nobody, so an event loop may ask.
///
/// @param announced where clients can be reached through this relay; asked for each time
/// @param connections an open connection to a peer
record Slots(
        Identity identity,
        RelayLimits limits,
        Tables tables,
        Supplier<List<Multiaddr>> announced,
        Function<PeerId, Optional<Connection>> connections,
        Clock clock,
        List<RelayListener> listeners) {

    /// Who may have one, and who has one.
    record Tables(Admission admission, ReservationTable reservations) {}

    /// The answer to a request for a slot.
    HopMessage reserve(Connection connection) {
        var peer = connection.remotePeer();
        switch (decide(connection)) {
            case Decision.Granted(var expires, var renewal) -> {
                tell(listener -> listener.onReserved(peer, renewal));
                try {
                    var voucher = voucher(peer, expires);
                    return new Granted(expires, announcedWithPeer(), voucher, limits.allowance());
                } finally {
                    releaseIfGone(connection);
                }
            }
            case Decision.Refused(var why) -> {
                tell(listener -> listener.onReservationRefused(peer, why));
                return new Status(why.status());
            }
        }
    }

    private byte[] voucher(PeerId peer, Instant expires) {
        return tables.reservations()
                .voucher(peer, expires)
                .orElseGet(() -> {
                    var signed = Voucher.sign(identity, peer, expires);
                    tables.reservations().keep(peer, expires, signed);
                    return signed;
                });
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
