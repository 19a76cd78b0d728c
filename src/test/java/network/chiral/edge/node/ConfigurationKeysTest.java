// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMapping;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import network.chiral.edge.deployment.ProgramFacts;
import network.chiral.edge.node.access.ListsConfig;
import network.chiral.edge.node.access.RelayAuthConfig;
import network.chiral.edge.node.autonat.AutoNatConfig;
import network.chiral.edge.node.cache.CacheConfig;
import network.chiral.edge.node.kad.KadConfig;
import network.chiral.edge.node.mdns.MdnsConfig;
import network.chiral.edge.node.reconnect.ReconnectConfig;
import network.chiral.edge.node.roles.RolesConfig;
import org.junit.jupiter.api.Test;

/// The keys of the mappings, and what manifests and documents say about them.
class ConfigurationKeysTest {
    /// Scripts outside rely on these names.
    private static final Set<String> FIXED =
            Set.of(
                    "chiral.data-dir",
                    "chiral.listen",
                    "chiral.announce",
                    "chiral.address-scope",
                    "chiral.identity.key-file",
                    "chiral.identity.secret-file",
                    "chiral.bootstrap",
                    "chiral.relay.preset",
                    "chiral.kad.protocols",
                    "chiral.listening-line");

    @Test
    void keepTheNamesThatScriptsRelyOn() {
        assertThat(keys()).containsAll(FIXED);
    }

    @Test
    void areAllInTheOperatorsDocument() throws IOException {
        var document = Files.readString(Path.of("docs/operations.md"));

        var missing =
                keys().stream()
                        .filter(key -> !document.contains("`" + key + "`"))
                        .filter(key -> !isListedUnderItsPrefix(key, document))
                        .toList();

        assertThat(missing).isEmpty();
    }

    /// The limits stand in one row: `chiral.relay.*` with their last words.
    private static boolean isListedUnderItsPrefix(String key, String document) {
        var word = key.substring(key.lastIndexOf('.') + 1);
        return key.startsWith("chiral.relay.") && document.contains("`" + word + "`");
    }

    @Test
    void coverTheEnvironmentThatTheManifestsMaySet() {
        var environment = new TreeSet<String>();
        keys().forEach(key -> environment.add(asEnvironment(key)));

        var chiral =
                ProgramFacts.KNOWN_ENVIRONMENT.stream()
                        .filter(name -> name.startsWith("CHIRAL_"))
                        .toList();

        assertThat(environment).containsAll(chiral);
    }

    private static String asEnvironment(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    private static Set<String> keys() {
        var keys = new TreeSet<String>();
        Stream.<Class<?>>of(
                        NodeConfig.class,
                        KadConfig.class,
                        RelayConfig.class,
                        AutoNatConfig.class,
                        MdnsConfig.class,
                        ConnectionsConfig.class,
                        DrainConfig.class,
                        ListsConfig.class,
                        RelayAuthConfig.class,
                        CacheConfig.class,
                        ReconnectConfig.class,
                        RolesConfig.class)
                .forEach(type ->
                        collect(type.getAnnotation(ConfigMapping.class).prefix(), type, keys));
        return keys;
    }

    private static void collect(String prefix, Class<?> type, Set<String> keys) {
        for (var method : type.getDeclaredMethods()) {
            var key = prefix + "." + kebab(method);
            if (Arrays.asList(type.getDeclaredClasses()).contains(method.getReturnType())) {
                collect(key, method.getReturnType(), keys);
            } else {
                keys.add(key);
            }
        }
    }

    private static String kebab(Method method) {
        return method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
