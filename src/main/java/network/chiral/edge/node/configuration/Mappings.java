// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.configuration;

import io.smallrye.config.SmallRyeConfig;
import java.util.List;
import network.chiral.edge.node.ConnectionsConfig;
import network.chiral.edge.node.DrainConfig;
import network.chiral.edge.node.NodeConfig;
import network.chiral.edge.node.RelayConfig;
import network.chiral.edge.node.access.ListsConfig;
import network.chiral.edge.node.access.RelayAuthConfig;
import network.chiral.edge.node.api.access.AdminConfig;
import network.chiral.edge.node.autonat.AutoNatConfig;
import network.chiral.edge.node.cache.CacheConfig;
import network.chiral.edge.node.kad.KadConfig;
import network.chiral.edge.node.log.LogConfig;
import network.chiral.edge.node.mdns.MdnsConfig;
import network.chiral.edge.node.reconnect.ReconnectConfig;
import network.chiral.edge.node.roles.RolesConfig;

/// Every interface that keys under `chiral.` come from.
///
/// A new one gets a line in [#ALL]; a test fails without it. The prefixes stand here once more because an
/// executable is not asked for annotations.
public final class Mappings {
    /// @param prefix of its annotation
    public record Mapping(Class<?> type, String prefix) {}

    /// In the order in which the reference lists them.
    public static final List<Mapping> ALL =
            List.of(
                    new Mapping(NodeConfig.class, "chiral"),
                    new Mapping(RolesConfig.class, "chiral"),
                    new Mapping(RelayConfig.class, "chiral.relay"),
                    new Mapping(RelayAuthConfig.class, "chiral.relay-auth"),
                    new Mapping(ListsConfig.class, "chiral.lists"),
                    new Mapping(ConnectionsConfig.class, "chiral.connections"),
                    new Mapping(KadConfig.class, "chiral.kad"),
                    new Mapping(AutoNatConfig.class, "chiral.autonat"),
                    new Mapping(MdnsConfig.class, "chiral.mdns"),
                    new Mapping(CacheConfig.class, "chiral.cache"),
                    new Mapping(ReconnectConfig.class, "chiral.reconnect"),
                    new Mapping(DrainConfig.class, "chiral.drain"),
                    new Mapping(LogConfig.class, "chiral.log"),
                    new Mapping(AdminConfig.class, "chiral.admin"));

    private final SmallRyeConfig config;

    public Mappings(SmallRyeConfig config) {
        this.config = config;
    }

    /// The values of one of [#ALL].
    public <T> T of(Class<T> type) {
        for (var mapping : ALL) {
            if (mapping.type() == type) {
                return config.getConfigMapping(type, mapping.prefix());
            }
        }
        throw new IllegalArgumentException(type + " is not among the mappings");
    }
}
