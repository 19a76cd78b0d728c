// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.roles;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/// What the node is to the network, and how it gets to be reached where it has no public address.
@ConfigMapping(prefix = "chiral")
public interface RolesConfig {
    /// What the node is. `auto`: `bootstrap` and `relay` with addresses to announce, or where others
    /// were seen to reach the node, or, while nobody has tried, with an address in scope; else `edge`.
    ///
    /// Type: one of auto, bootstrap, relay, edge.
    @WithDefault("auto")
    List<String> roles();

    /// The edge role.
    Edge edge();

    /// How an edge keeps to be reached.
    interface Edge {
        /// Relays that an edge asks first; then those it remembers and meets.
        ///
        /// Type: multiaddr, ending in /p2p/PEER.
        Optional<List<String>> relays();

        /// Slots that an edge holds at once, at different relays.
        ///
        /// Type: number, 1 to 16.
        @WithDefault("2")
        String reservations();
    }
}
