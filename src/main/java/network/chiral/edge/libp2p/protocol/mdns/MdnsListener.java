// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import java.util.Locale;

/// Told what mDNS does; answer at once.
public interface MdnsListener {
    /// Why something that came from the link was left alone.
    enum Ignored {
        /// Not from an address of the link (RFC 6762, 11).
        OFF_LINK,
        /// No DNS message, or one beyond its limits.
        MALFORMED,
        /// A peer without an address that is in scope and of our transport.
        NO_ADDRESS,
        /// As many peers are known as may be.
        TOO_MANY_PEERS,
        /// As many peers were dialled lately as may be.
        TOO_MANY_DIALS;

        /// The name in metrics.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A peer was heard of for the first time, or again after it had been forgotten.
    default void onFound(FoundPeer peer) {}

    /// Something was left alone.
    default void onIgnored(Ignored why) {}

    /// A packet went out on a link.
    default void onSent(boolean response) {}

    /// A dial that mDNS led to is over.
    default void onDialled(FoundPeer peer, boolean reached) {}
}
