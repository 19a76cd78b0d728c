// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.roles;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/// What the node is to the network, and how it gets to be reached where it has no public address.
@ConfigMapping(prefix = "chiral")
public interface RolesConfig {
    /// Any of `bootstrap`, `relay` and `edge`, or `auto`: the first two with a public address, `edge`
    /// without one.
    @WithDefault("auto")
    List<String> roles();

    /// The edge role.
    Edge edge();

    /// How an edge keeps to be reached.
    interface Edge {
        /// Relays to ask first, multiaddrs with `/p2p/...`.
        Optional<List<String>> relays();

        /// Reservations to hold at once; two, so that one relay may go.
        @WithDefault("2")
        String reservations();
    }
}
