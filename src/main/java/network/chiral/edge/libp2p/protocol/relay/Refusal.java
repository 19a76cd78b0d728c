// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.util.Locale;

/// Why the relay said no, more exactly than the status that goes over the wire.
public enum Refusal {
    /// All reservation slots are held.
    RESERVATIONS_FULL(RelayStatus.RESERVATION_REFUSED),
    /// All slots for the peer's IP address (IPv6: its /64) are held.
    RESERVATIONS_PER_ADDRESS(RelayStatus.RESERVATION_REFUSED),
    /// All slots for the network that the peer's address is in are held.
    RESERVATIONS_PER_PREFIX(RelayStatus.RESERVATION_REFUSED),
    /// All slots for the autonomous system that the peer's address is in are held.
    RESERVATIONS_PER_ASN(RelayStatus.RESERVATION_REFUSED),
    /// All slots for the trusted network that the peer's address is in are held.
    RESERVATIONS_PER_TRUSTED(RelayStatus.RESERVATION_REFUSED),
    /// The peer asks for new slots too often.
    RESERVATION_RATE_PER_PEER(RelayStatus.RESERVATION_REFUSED),
    /// Too many new slots are asked for from the peer's address.
    RESERVATION_RATE_PER_ADDRESS(RelayStatus.RESERVATION_REFUSED),
    /// The relay knows no address of its own that a client could hand on.
    NO_ANNOUNCE_ADDRESS(RelayStatus.RESERVATION_REFUSED),
    /// The request came over a relayed connection.
    RELAYED(RelayStatus.PERMISSION_DENIED),
    /// The access lists do not let the peer do that.
    DENIED(RelayStatus.PERMISSION_DENIED),
    /// The access lists do not let the destination be reached.
    DESTINATION_DENIED(RelayStatus.PERMISSION_DENIED),
    /// The peer has shown no token.
    NOT_AUTHORISED(RelayStatus.PERMISSION_DENIED),
    /// The relay was turned off.
    RELAY_OFF(RelayStatus.PERMISSION_DENIED),
    /// The relay is shutting down.
    DRAINING(RelayStatus.RESOURCE_LIMIT_EXCEEDED),
    /// All circuits are in use.
    CIRCUITS_FULL(RelayStatus.RESOURCE_LIMIT_EXCEEDED),
    /// The source has as many circuits as one peer may have.
    CIRCUITS_PER_SOURCE(RelayStatus.RESOURCE_LIMIT_EXCEEDED),
    /// The destination has as many circuits as one peer may have.
    CIRCUITS_PER_DESTINATION(RelayStatus.RESOURCE_LIMIT_EXCEEDED),
    /// The source asks for circuits too often.
    CIRCUIT_RATE_PER_PEER(RelayStatus.RESOURCE_LIMIT_EXCEEDED),
    /// Too many circuits are asked for from the source's address.
    CIRCUIT_RATE_PER_ADDRESS(RelayStatus.RESOURCE_LIMIT_EXCEEDED),
    /// The destination holds no reservation here.
    NO_RESERVATION(RelayStatus.NO_RESERVATION),
    /// The destination did not take the circuit, or is gone.
    DESTINATION_FAILED(RelayStatus.CONNECTION_FAILED),
    /// The request could not be read.
    MALFORMED(RelayStatus.MALFORMED_MESSAGE),
    /// The request was none that a client sends.
    UNEXPECTED(RelayStatus.UNEXPECTED_MESSAGE);

    private final RelayStatus status;

    Refusal(RelayStatus status) {
        this.status = status;
    }

    public RelayStatus status() {
        return status;
    }

    /// The name in metrics and logs.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
