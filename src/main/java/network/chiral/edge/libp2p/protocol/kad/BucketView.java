// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.time.Instant;
import java.util.List;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// One bucket of the routing table, for operators.
///
/// @param prefix bits that its peers share with this node
/// @param peers in it
/// @param waiting how many wait for a place
public record BucketView(int prefix, List<PeerView> peers, int waiting) {
    /// One peer of the table.
    ///
    /// @param id who
    /// @param addresses that are handed out
    /// @param verified when it last answered
    /// @param doubted true while it may be gone
    public record PeerView(
            PeerId id, List<Multiaddr> addresses, Instant verified, boolean doubted) {}
}
