// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.configuration;

import io.smallrye.config.SmallRyeConfig;
import java.util.List;
import java.util.stream.Stream;
import network.chiral.edge.node.Secrets;

/// A key, what it is set to, and where that was written.
///
/// @param value with expressions resolved, secrets masked; empty where there is none
/// @param origin `default`, `env NAME`, `system property` or `file PATH:LINE`; what a default follows
///     from, where that is not a fixed value
public record EffectiveValue(String key, String environment, String value, String origin) {
    /// What else an operator of this program sets.
    private static final List<String> PLATFORM =
            List.of("quarkus.log.level", "quarkus.management.host", "quarkus.management.port");

    /// All keys of the program, and those of the platform that matter here.
    public static List<EffectiveValue> all(KnownKeys known, SmallRyeConfig config) {
        var derived = DerivedDefaults.of(new Mappings(config));
        return Stream.concat(known.keys().stream(), PLATFORM.stream())
                .map(key -> of(key, config, derived))
                .toList();
    }

    private static EffectiveValue of(String key, SmallRyeConfig config, DerivedDefaults derived) {
        var found = config.getConfigValue(key);
        var value = found.getValue();
        var environment = KnownKeys.environmentName(key);
        if (value != null && !value.isEmpty()) {
            var shown = Secrets.isSecret(key) ? Secrets.MASK : value;
            return new EffectiveValue(key, environment, shown, Origin.of(found));
        }
        return derived.of(key)
                .map(usual -> new EffectiveValue(key, environment, usual.value(), usual.follows()))
                .orElse(new EffectiveValue(key, environment, "", Origin.DEFAULT));
    }
}
