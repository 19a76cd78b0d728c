// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay.client;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.relay.HopMessage;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.protocol.relay.RelayCodec;
import network.chiral.edge.libp2p.protocol.relay.RelayStatus;
import network.chiral.edge.libp2p.protocol.relay.client.ReservationRefused.Why;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Circuit;
import network.chiral.edge.libp2p.swarm.CircuitAddress;
import network.chiral.edge.libp2p.swarm.CircuitDialer;
import network.chiral.edge.libp2p.swarm.CircuitException;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.DialException.Reason;
import network.chiral.edge.libp2p.swarm.ProtocolViolation;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.swarm.UnsupportedProtocol;
import network.chiral.edge.libp2p.wire.MalformedMessage;

/// Asks relays: for a slot (RESERVE), and for circuits to peers that hold one (CONNECT).
public final class RelayClient implements CircuitDialer {
    /// For the answer of the relay, which asks the destination meanwhile (go-libp2p's DialTimeout and
    /// ReserveTimeout).
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /// Addresses of one relay that are announced; identify has 4 KiB for all of them.
    static final int MAX_ANNOUNCED = 8;

    private final CryptoProvider crypto;
    private final PeerId self;
    private final AddressScope scope;
    private final Network network;
    private final Clock clock;

    /// What the client needs of the swarm.
    public interface Network {
        /// An open connection to `peer`, or a new one to one of `addresses`.
        Connection dial(PeerId peer, Collection<Multiaddr> addresses)
                throws IOException, InterruptedException;

        /// Makes a connection of a circuit's stream.
        Connection upgrade(Stream stream, Circuit circuit) throws IOException, InterruptedException;
    }

    /// @param self this node
    /// @param scope which addresses of a relay may be announced
    public RelayClient(
            CryptoProvider crypto, PeerId self, AddressScope scope, Network network, Clock clock) {
        this.crypto = crypto;
        this.self = self;
        this.scope = scope;
        this.network = network;
        this.clock = clock;
    }

    // --- RESERVE

    /// Asks for a slot at the relay of `connection`, or renews the one held. Blocks.
    Reservation reserve(Connection connection) throws ReservationRefused {
        if (connection.isRelayed()) {
            throw new ReservationRefused(
                    Why.RELAYED, "a slot is asked for over a direct connection");
        }
        try {
            var stream = connection.open(HopService.HOP);
            try {
                stream.deadline(PATIENCE);
                stream.writeMessage(RelayCodec.toBytes(new HopMessage.Reserve()));
                var answer = answer(stream);
                stream.closeWrite();
                return granted(connection, answer);
            } catch (IOException e) {
                stream.reset();
                throw e;
            }
        } catch (ReservationRefused e) {
            throw e;
        } catch (UnsupportedProtocol e) {
            throw new ReservationRefused(Why.NO_RELAY, "it is no relay");
        } catch (MalformedMessage | ProtocolViolation e) {
            throw new ReservationRefused(Why.BAD_ANSWER, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new ReservationRefused(Why.UNREACHABLE, String.valueOf(e.getMessage()));
        }
    }

    private static ClientCodec.HopAnswer answer(Stream stream)
            throws IOException, MalformedMessage {
        return ClientCodec.parseAnswer(stream.readMessage(HopMessage.MAX_LENGTH));
    }

    private Reservation granted(Connection connection, ClientCodec.HopAnswer answer)
            throws ReservationRefused {
        if (answer.status() != RelayStatus.OK) {
            throw new ReservationRefused(why(answer.status()), "status " + answer.status());
        }
        var slot =
                answer.slot()
                        .orElseThrow(
                                () -> new ReservationRefused(Why.BAD_ANSWER, "OK and no slot"));
        var relay = connection.remotePeer();
        var expires = expiry(slot.expires());
        var voucher = slot.voucher();
        if (voucher.isPresent()
                && !VoucherCheck.holds(crypto, voucher.get(), relay, self, slot.expires())) {
            throw new ReservationRefused(Why.BAD_VOUCHER, "the voucher does not hold");
        }
        var circuits = circuits(connection, slot.addresses());
        if (circuits.isEmpty()) {
            throw new ReservationRefused(Why.NO_ADDRESS, "no address of the relay is in scope");
        }
        return new Reservation(relay, expires, circuits, answer.limit());
    }

    private static Why why(RelayStatus status) {
        return switch (status) {
            case RESERVATION_REFUSED -> Why.REFUSED;
            case RESOURCE_LIMIT_EXCEEDED -> Why.RESOURCE_LIMIT_EXCEEDED;
            case PERMISSION_DENIED -> Why.PERMISSION_DENIED;
            case OK,
                    UNUSED,
                    CONNECTION_FAILED,
                    NO_RESERVATION,
                    MALFORMED_MESSAGE,
                    UNEXPECTED_MESSAGE ->
                    Why.BAD_ANSWER;
        };
    }

    private Instant expiry(long seconds) throws ReservationRefused {
        var now = clock.instant();
        // a year from now is for ever, and keeps a number that no Instant holds from being one
        long latest = now.getEpochSecond() + Duration.ofDays(365).toSeconds();
        var expires = Instant.ofEpochSecond(seconds < 0 ? latest : Math.min(seconds, latest));
        if (!expires.isAfter(now)) {
            throw new ReservationRefused(Why.EXPIRED, "the slot ended at " + expires);
        }
        return expires;
    }

    /// The relay's addresses that may be announced, as circuits. A relay that names none is announced
    /// where it was dialled: rust relays without an external address give no other hint.
    private List<Multiaddr> circuits(Connection connection, List<byte[]> spelled) {
        var found = new LinkedHashSet<Multiaddr>();
        for (var bytes : spelled) {
            parsed(bytes)
                    .filter(address -> isRelaysOwn(address, connection.remotePeer()))
                    .ifPresent(found::add);
        }
        if (spelled.isEmpty() && connection.direction() == Connection.Direction.OUTBOUND) {
            found.add(connection.remoteAddress());
        }
        return found.stream()
                .filter(scope::allows)
                .map(address -> CircuitAddress.through(address, connection.remotePeer()))
                .limit(MAX_ANNOUNCED)
                .toList();
    }

    private static Optional<Multiaddr> parsed(byte[] bytes) {
        try {
            return Optional.of(Multiaddr.ofBytes(bytes));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // of a transport we do not know; the others do
        }
    }

    private static boolean isRelaysOwn(Multiaddr address, PeerId relay) {
        boolean named =
                address.peer().map(id -> java.util.Arrays.equals(id, relay.bytes())).orElse(true);
        return named && !address.isCircuit();
    }

    // --- CONNECT

    @Override
    public boolean reaches(CircuitAddress circuit, PeerId peer) {
        return !circuit.relay().equals(self)
                && !circuit.relay().equals(peer)
                && circuit.peer().map(peer::equals).orElse(true);
    }

    @Override
    public Connection dial(CircuitAddress circuit, PeerId peer)
            throws IOException, InterruptedException {
        var relay = relay(circuit);
        var stream = relay.open(HopService.HOP);
        ClientCodec.HopAnswer answer;
        try {
            stream.deadline(PATIENCE);
            stream.writeMessage(RelayCodec.toBytes(new HopMessage.Connect(peer)));
            answer = answer(stream);
        } catch (MalformedMessage | ProtocolViolation | UnsupportedProtocol e) {
            stream.reset();
            throw new CircuitException(Reason.RELAY_REFUSED, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            stream.reset();
            throw e;
        }
        if (answer.status() != RelayStatus.OK) {
            stream.reset();
            throw new CircuitException(reason(answer.status()), "status " + answer.status());
        }
        var through = CircuitAddress.through(relay.remoteAddress(), circuit.relay());
        return network.upgrade(
                stream, new Circuit(peer, Connection.Direction.OUTBOUND, through, answer.limit()));
    }

    private Connection relay(CircuitAddress circuit) throws IOException, InterruptedException {
        var relay = network.dial(circuit.relay(), circuit.relayAddress().stream().toList());
        if (relay.isRelayed()) {
            throw new CircuitException(
                    Reason.RELAY_UNREACHABLE, "the relay itself is reached through a relay only");
        }
        return relay;
    }

    private static Reason reason(RelayStatus status) {
        return switch (status) {
            case NO_RESERVATION -> Reason.RELAY_NO_RESERVATION;
            case RESOURCE_LIMIT_EXCEEDED -> Reason.RELAY_RESOURCE_LIMIT_EXCEEDED;
            case PERMISSION_DENIED -> Reason.RELAY_PERMISSION_DENIED;
            case CONNECTION_FAILED -> Reason.RELAY_CONNECTION_FAILED;
            case OK, UNUSED, RESERVATION_REFUSED, MALFORMED_MESSAGE, UNEXPECTED_MESSAGE ->
                    Reason.RELAY_REFUSED;
        };
    }
}
