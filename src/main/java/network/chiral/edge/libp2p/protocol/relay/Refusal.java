// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.util.Locale;

/// Why the relay said no, more exactly than the status that goes over the wire.
public enum Refusal {
    /// All reservation slots are held.
    RESERVATIONS_FULL(RelayStatus.RESERVATION_REFUSED),
    /// All slots for the peer's IP address (IPv6: its /64) are held.
    RESERVATIONS_PER_ADDRESS(RelayStatus.RESERVATION_REFUSED),
    /// The relay knows no address of its own that a client could hand on.
    NO_ANNOUNCE_ADDRESS(RelayStatus.RESERVATION_REFUSED),
    /// The relay is shutting down.
    DRAINING(RelayStatus.RESOURCE_LIMIT_EXCEEDED),
    /// All circuits are in use.
    CIRCUITS_FULL(RelayStatus.RESOURCE_LIMIT_EXCEEDED),
    /// The source has as many circuits as one peer may have.
    CIRCUITS_PER_SOURCE(RelayStatus.RESOURCE_LIMIT_EXCEEDED),
    /// The destination has as many circuits as one peer may have.
    CIRCUITS_PER_DESTINATION(RelayStatus.RESOURCE_LIMIT_EXCEEDED),
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
