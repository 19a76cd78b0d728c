// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.configuration;

import io.smallrye.config.SmallRyeConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import network.chiral.edge.libp2p.host.RelayMode;
import network.chiral.edge.node.BadConfiguration;
import network.chiral.edge.node.ConnectionSettings;
import network.chiral.edge.node.ConnectionsConfig;
import network.chiral.edge.node.DrainConfig;
import network.chiral.edge.node.NodeConfig;
import network.chiral.edge.node.NodeSettings;
import network.chiral.edge.node.RelayConfig;
import network.chiral.edge.node.SettingValue;
import network.chiral.edge.node.access.AccessValues;
import network.chiral.edge.node.access.ListsConfig;
import network.chiral.edge.node.access.RelayAuthConfig;
import network.chiral.edge.node.api.access.AdminAccess;
import network.chiral.edge.node.api.access.AdminConfig;
import network.chiral.edge.node.autonat.AutoNatConfig;
import network.chiral.edge.node.autonat.AutoNatValues;
import network.chiral.edge.node.cache.CacheConfig;
import network.chiral.edge.node.cache.CacheSettings;
import network.chiral.edge.node.identity.OwnIdentity;
import network.chiral.edge.node.kad.KadConfig;
import network.chiral.edge.node.kad.KadReader;
import network.chiral.edge.node.log.LogConfig;
import network.chiral.edge.node.log.LogStyle;
import network.chiral.edge.node.mdns.MdnsConfig;
import network.chiral.edge.node.mdns.MdnsValues;
import network.chiral.edge.node.roles.RoleSettings;
import network.chiral.edge.node.roles.RolesConfig;

/// Reads every value as the node does, and finds all that are bad instead of the first.
public final class ConfigurationCheck {
    private static final Set<String> SWITCH =
            Set.of("true", "false", "yes", "no", "on", "off", "1", "0", "y", "n", "t", "f");

    /// One feature's readers; each stops at its first bad value.
    private static final List<Consumer<Mappings>> READERS =
            List.of(
                    all -> NodeSettings.of(all.of(NodeConfig.class), all.of(RelayConfig.class)),
                    all -> NodeSettings.crypto(all.of(NodeConfig.class)),
                    all -> relayMode(all.of(RelayConfig.class)),
                    all -> RoleSettings.of(all.of(RolesConfig.class)),
                    all ->
                            ConnectionSettings.of(
                                    all.of(ConnectionsConfig.class),
                                    Runtime.getRuntime().maxMemory()),
                    all -> kad(all.of(KadConfig.class), all),
                    all -> AutoNatValues.of(all.of(AutoNatConfig.class)),
                    all -> MdnsValues.of(all.of(MdnsConfig.class)),
                    all -> CacheSettings.of(all.of(CacheConfig.class), dataDir(all)),
                    all -> drain(all.of(DrainConfig.class)),
                    all ->
                            AccessValues.check(
                                    all.of(ListsConfig.class),
                                    all.of(RelayAuthConfig.class),
                                    all.of(RelayConfig.class)),
                    all -> LogStyle.of(all.of(LogConfig.class)),
                    all -> AdminAccess.check(all.of(AdminConfig.class)),
                    ConfigurationCheck::identity);

    private final KnownKeys known;
    private final Function<Map<String, String>, SmallRyeConfig> source;

    /// @param source reads the configuration with other values in the place of some
    public ConfigurationCheck(
            KnownKeys known, Function<Map<String, String>, SmallRyeConfig> source) {
        this.known = known;
        this.source = source;
    }

    private static void relayMode(RelayConfig relay) {
        SettingValue.choice("chiral.relay.enabled", relay.enabled(), RelayMode.class);
    }

    private static void kad(KadConfig kad, Mappings all) {
        KadReader.read(kad);
        KadReader.saveInterval(kad);
        KadReader.file(kad, dataDir(all));
    }

    private static java.nio.file.Path dataDir(Mappings all) {
        return SettingValue.path("chiral.data-dir", all.of(NodeConfig.class).dataDir());
    }

    private static void drain(DrainConfig drain) {
        SettingValue.duration("chiral.drain.grace", drain.grace(), Duration.ZERO);
    }

    private static void identity(Mappings all) {
        var settings = NodeSettings.of(all.of(NodeConfig.class), all.of(RelayConfig.class));
        OwnIdentity.find(settings, NodeSettings.crypto(all.of(NodeConfig.class)).provider());
    }

    /// One sentence for each thing that is wrong.
    ///
    /// A bad value is taken for its default after it was found, so that the reader gets to the next one;
    /// a reader that cannot go on even so is left out from there on.
    public List<String> problems() {
        var problems = new ArrayList<String>();
        var replaced = new LinkedHashMap<String, String>();
        var readers = new ArrayList<>(READERS);
        try {
            var config = source.apply(replaced);
            new UnknownKeys(known).find(config).forEach(key -> problems.add(key.sentence()));
            switches(config).forEach(bad -> problems.add(bad.sentence()));
            while (!readers.isEmpty()) {
                var bad = first(readers.getFirst(), new Mappings(config));
                if (bad.isEmpty()) {
                    readers.removeFirst();
                    continue;
                }
                addOnce(problems, bad.get().sentence());
                var key = bad.get().key().filter(known.keys()::contains).orElse("");
                if (key.isEmpty() || replaced.putIfAbsent(key, known.defaultOf(key)) != null) {
                    readers.removeFirst();
                } else {
                    config = source.apply(replaced);
                }
            }
        } catch (BadConfiguration e) {
            problems.add(e.sentence()); // no mapping could be made
        }
        return problems;
    }

    private static void addOnce(List<String> problems, String sentence) {
        if (!problems.contains(sentence)) {
            problems.add(sentence);
        }
    }

    private static Optional<BadConfiguration> first(Consumer<Mappings> reader, Mappings all) {
        try {
            reader.accept(all);
            return Optional.empty();
        } catch (BadConfiguration e) {
            return Optional.of(e);
        }
    }

    /// Switches that are neither on nor off; without this look whatever is not `true` would be `false`.
    public List<BadConfiguration> switches(SmallRyeConfig config) {
        return known.keys().stream()
                .filter(known::isBoolean)
                .flatMap(key -> bad(key, config.getConfigValue(key).getValue()).stream())
                .toList();
    }

    private static Optional<BadConfiguration> bad(
            String key, @org.jspecify.annotations.Nullable String value) {
        return value == null
                        || value.isEmpty()
                        || SWITCH.contains(value.strip().toLowerCase(java.util.Locale.ROOT))
                ? Optional.empty()
                : Optional.of(new BadConfiguration(key, value, "true or false"));
    }
}
