// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Rate;
import network.chiral.edge.libp2p.swarm.RateTable;

/// Whether a request may be looked at: whom the relay serves, whether it serves at all, and how often
/// somebody asks. What is free is the tables' business.
final class Admission {
    /// Whether the relay serves.
    enum State {
        ON,
        DRAINING,
        OFF
    }

    private final RelayLimits limits;
    private final RelayGate gate;
    private final Rates reservations;
    private final Rates circuits;
    private volatile State state = State.ON;

    Admission(RelayLimits limits, RelayGate gate) {
        this.limits = limits;
        this.gate = gate;
        var rates = limits.admission();
        reservations = new Rates(rates.reservationsPerPeer(), rates.reservationsPerAddress());
        circuits = new Rates(rates.circuitsPerPeer(), rates.circuitsPerAddress());
    }

    void state(State next) {
        state = next;
    }

    State state() {
        return state;
    }

    /// Why the peer gets no slot, whatever is free.
    Optional<Refusal> toReserve(Connection connection) {
        return serves(connection).or(() -> gate.toReserve(connection));
    }

    /// Why the peer gets no circuits, whatever is free.
    Optional<Refusal> toConnect(Connection connection) {
        return serves(connection).or(() -> gate.toConnect(connection));
    }

    private Optional<Refusal> serves(Connection connection) {
        if (connection.isRelayed()) {
            return Optional.of(Refusal.RELAYED);
        }
        return switch (state) {
            case ON -> Optional.empty();
            case DRAINING -> Optional.of(Refusal.DRAINING);
            case OFF -> Optional.of(Refusal.RELAY_OFF);
        };
    }

    /// Counts a request for a slot that is not held yet.
    Optional<Refusal> countReservation(Connection connection, Instant now) {
        return reservations
                .count(connection, now)
                .map(byPeer ->
                        byPeer
                                ? Refusal.RESERVATION_RATE_PER_PEER
                                : Refusal.RESERVATION_RATE_PER_ADDRESS);
    }

    /// Counts a request for a circuit to somebody who holds a slot.
    Optional<Refusal> countCircuit(Connection connection, Instant now) {
        return circuits.count(connection, now)
                .map(byPeer ->
                        byPeer ? Refusal.CIRCUIT_RATE_PER_PEER : Refusal.CIRCUIT_RATE_PER_ADDRESS);
    }

    /// One kind of request, by peer and by address.
    private final class Rates {
        private final RateTable<PeerId> byPeer;
        private final RateTable<IpPrefix> byAddress;

        Rates(Rate perPeer, Rate perAddress) {
            byPeer = new RateTable<>(perPeer);
            byAddress = new RateTable<>(perAddress);
        }

        /// Empty where it may be; true where the peer, false where the address asks too often.
        Optional<Boolean> count(Connection connection, Instant now) {
            var peer = connection.remotePeer();
            if (!byPeer.take(peer, now)) {
                return Optional.of(true);
            }
            var from = connection.remoteSocket().getAddress();
            if (!isTrusted(from) && !byAddress.take(Origins.host(from), now)) {
                byPeer.giveBack(peer);
                return Optional.of(false);
            }
            return Optional.empty();
        }
    }

    private boolean isTrusted(InetAddress from) {
        return limits.admission().trusted().holds(from);
    }
}
