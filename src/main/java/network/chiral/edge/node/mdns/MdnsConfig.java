// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.mdns;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// Whether the node looks for peers on its own links, and is found there.
@ConfigMapping(prefix = "chiral.mdns")
public interface MdnsConfig {
    /// Looks for peers on the links of the machine by mDNS, and is found there. Off, because a
    /// relay in a data centre has strangers on its link.
    @WithDefault("false")
    boolean enabled();

    /// The longest pause between two queries; the first is a second, each twice the one before.
    ///
    /// Type: duration, 1s and more.
    @WithDefault("60s")
    String interval();
}
