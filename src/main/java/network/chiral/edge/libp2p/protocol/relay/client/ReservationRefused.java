// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay.client;

import java.io.IOException;
import java.util.Locale;

/// Says why a relay gave no slot, or none that is of use.
public final class ReservationRefused extends IOException {
    private static final long serialVersionUID = 1L;

    /// Why there is no slot.
    public enum Why {
        /// The relay cannot be reached, or went away.
        UNREACHABLE,
        /// The relay does not speak the protocol.
        NO_RELAY,
        /// Status RESERVATION_REFUSED.
        REFUSED,
        /// Status RESOURCE_LIMIT_EXCEEDED.
        RESOURCE_LIMIT_EXCEEDED,
        /// Status PERMISSION_DENIED.
        PERMISSION_DENIED,
        /// Another status, or something that is no answer to RESERVE.
        BAD_ANSWER,
        /// The slot is over already, or lasts too short to be renewed.
        EXPIRED,
        /// No address of the relay can be handed on.
        NO_ADDRESS,
        /// The voucher is not the relay's word, or for somebody else.
        BAD_VOUCHER,
        /// The connection to the relay is itself a circuit.
        RELAYED;

        /// The name in metrics and logs.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Why why;

    ReservationRefused(Why why, String message) {
        super(message);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
