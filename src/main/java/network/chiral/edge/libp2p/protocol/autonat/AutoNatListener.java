// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.util.Optional;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// Told what AutoNAT does; answer at once.
public interface AutoNatListener {
    /// Why the server of version 1 refused; go-libp2p's refusal reasons.
    enum Refusal {
        RATE_LIMITED("rate limited"),
        DIAL_BLOCKED("dial blocked"),
        NO_VALID_ADDRESS("no valid address");

        private final String label;

        Refusal(String label) {
            this.label = label;
        }

        /// The name in metrics.
        public String label() {
            return label;
        }
    }

    /// How a request to the server of version 2 ended without an answer; go-libp2p's server errors.
    enum Fault {
        NONE("nil"),
        BAD_REQUEST("bad request"),
        DIAL_DATA_REFUSED("dial data refused"),
        OTHER("other");

        private final String label;

        Fault(String label) {
            this.label = label;
        }

        /// The name in metrics.
        public String label() {
            return label;
        }
    }

    /// A request to the server of version 2 is over.
    ///
    /// @param dialData asked for
    /// @param dialled the address that was chosen
    record Served(
            Fault fault,
            AutoNatV2Status status,
            DialStatus dialStatus,
            boolean dialData,
            Optional<Multiaddr> dialled) {}

    /// The server of version 1 has answered.
    default void onAnswered(AutoNatV1Status status) {}

    /// The server of version 1 has refused.
    default void onRefused(Refusal why) {}

    /// A request to the server of version 2 is over.
    default void onServed(Served request) {}

    /// The client of version 1 has an answer.
    default void onReceived(AutoNatV1Status status) {}

    /// The client of version 2 is through with a question about `asked` addresses.
    default void onProbed(int asked, ProbeOutcome outcome) {}

    /// The node's reachability, or that of one of its addresses, is another one.
    default void onReachability(ReachabilityDetails details) {}
}
