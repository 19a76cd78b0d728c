// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.log;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// The log on stderr.
@ConfigMapping(prefix = "chiral.log")
public interface LogConfig {
    /// Lines for people, or one object of JSON each.
    ///
    /// Type: one of text, json.
    @WithDefault("text")
    String format();
}
