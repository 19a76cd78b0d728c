// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.time.Instant;

/// What a table decided on a request for a reservation.
sealed interface Decision {
    /// The slot is the peer's until `expires`.
    record Granted(Instant expires, boolean renewal) implements Decision {}

    record Refused(Refusal why) implements Decision {}
}
