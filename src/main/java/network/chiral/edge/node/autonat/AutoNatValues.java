// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.autonat;

import java.time.Duration;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatLimits;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatSettings;
import network.chiral.edge.node.BadConfiguration;
import network.chiral.edge.node.SettingValue;

/// Reads and checks the configuration of AutoNAT.
public final class AutoNatValues {
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(50);

    private AutoNatValues() {}

    /// The settings that `config` says.
    ///
    /// @throws BadConfiguration for the first value that cannot be
    public static AutoNatSettings of(AutoNatConfig config) {
        var usual = AutoNatLimits.DEFAULT;
        return new AutoNatSettings(
                config.server(),
                config.client(),
                new AutoNatLimits(
                        number("requests", config.requests()),
                        number("requests-per-peer", config.requestsPerPeer()),
                        number("dial-data-requests", config.dialDataRequests()),
                        number("dials", config.dials()),
                        number("dials-per-peer", config.dialsPerPeer()),
                        usual.dialPatience(),
                        usual.verdictPatience(),
                        usual.dialDataPause()),
                interval(config.interval()));
    }

    private static int number(String name, String value) {
        return SettingValue.number("chiral.autonat." + name, value, 1);
    }

    private static Duration interval(String value) {
        var interval = SettingValue.duration("chiral.autonat.interval", value, Duration.ZERO);
        if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
            throw new BadConfiguration(
                    "chiral.autonat.interval", value, "a duration such as 5s, at least 50ms");
        }
        return interval;
    }
}
