// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reconnect;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// The round of redials at the start. Its five seconds per peer, its retries and its width are
/// annotations; MicroProfile's own keys change them.
@ConfigMapping(prefix = "chiral.reconnect")
public interface ReconnectConfig {
    /// Redials cached peers at the start.
    @WithDefault("true")
    boolean enabled();
}
