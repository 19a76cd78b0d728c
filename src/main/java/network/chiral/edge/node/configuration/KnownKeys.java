// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.configuration;

import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The keys that the node reads, as its mappings name them.
public final class KnownKeys {
    /// What all keys begin with.
    public static final String ROOT = "chiral.";

    private static final Pattern FOREIGN_TO_ENVIRONMENT = Pattern.compile("[^A-Z0-9]");
    private static final String LIST = "[*]";

    private final SortedMap<String, String> defaults = new TreeMap<>();
    private final SortedSet<String> lists = new TreeSet<>();
    private final Map<String, String> byEnvironment = new TreeMap<>();

    private KnownKeys() {}

    /// Asks the mappings.
    public static KnownKeys all() {
        var known = new KnownKeys();
        for (var mapping : Mappings.ALL) {
            new ConfigClass(mapping.type(), mapping.prefix()).getProperties().forEach(known::add);
        }
        return known;
    }

    private void add(String key, String usual) {
        if (key.endsWith(LIST)) {
            lists.add(key.substring(0, key.length() - LIST.length()));
            return;
        }
        defaults.put(key, usual == null ? "" : usual);
        byEnvironment.put(environmentName(key), key);
    }

    /// All of them, in the order of the alphabet.
    public Set<String> keys() {
        return Collections.unmodifiableSet(defaults.keySet());
    }

    /// The names of environment variables, in the order of the alphabet.
    public Set<String> environmentNames() {
        return Collections.unmodifiableSet(byEnvironment.keySet());
    }

    /// The default as it is written; empty without one.
    public String defaultOf(String key) {
        return defaults.getOrDefault(key, "");
    }

    public boolean isList(String key) {
        return lists.contains(key);
    }

    /// Whether the value is `true` or `false`: what has one of these as its default is nothing else.
    public boolean isBoolean(String key) {
        var usual = defaultOf(key);
        return usual.equals("true") || usual.equals("false");
    }

    /// The variable that sets a key: `CHIRAL_RELAY_CIRCUIT_BYTES` for `chiral.relay.circuit-bytes`.
    ///
    /// Two keys may not share one; a test looks after that.
    public static String environmentName(String key) {
        return FOREIGN_TO_ENVIRONMENT.matcher(key.toUpperCase(Locale.ROOT)).replaceAll("_");
    }
}
