// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import io.smallrye.config.SmallRyeConfig;
import java.util.Map;
import java.util.function.Function;

/// Reads the configuration, with other values in the place of some.
interface Settings extends Function<Map<String, String>, SmallRyeConfig> {
    default SmallRyeConfig read() {
        return apply(Map.of());
    }
}
