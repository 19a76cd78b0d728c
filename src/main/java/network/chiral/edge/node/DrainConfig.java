// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// The node's last minutes.
@ConfigMapping(prefix = "chiral.drain")
public interface DrainConfig {
    /// How long circuits may go on after SIGTERM; 0 ends them at once.
    ///
    /// Type: duration, 0 and more.
    @WithDefault("0s")
    String grace();
}
