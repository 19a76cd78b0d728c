// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.log;

import network.chiral.edge.node.SettingValue;

/// How a line of the log looks.
public enum LogStyle {
    /// For people.
    TEXT,
    /// An object of JSON.
    JSON;

    /// What the configuration says.
    public static LogStyle of(LogConfig config) {
        return SettingValue.choice("chiral.log.format", config.format(), LogStyle.class);
    }
}
