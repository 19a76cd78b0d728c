// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.mdns;

import java.time.Duration;
import network.chiral.edge.libp2p.protocol.mdns.MdnsSettings;
import network.chiral.edge.node.BadConfiguration;
import network.chiral.edge.node.SettingValue;

/// Reads and checks the configuration of mDNS.
public final class MdnsValues {
    /// RFC 6762, 5.2: not more often than once a second.
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);

    private MdnsValues() {}

    /// The settings that `config` says.
    ///
    /// @throws BadConfiguration where the interval cannot be
    public static MdnsSettings of(MdnsConfig config) {
        return new MdnsSettings(
                config.enabled(),
                SettingValue.duration(
                        "chiral.mdns.interval", config.interval(), SHORTEST_INTERVAL));
    }
}
