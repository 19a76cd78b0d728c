// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.configuration;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import java.util.regex.Pattern;

/// Says in words for operators where a value was written.
final class Origin {
    static final String DEFAULT = "default";

    private static final Pattern FILE = Pattern.compile(".*\\[source=(?:file:)?(.*)]");

    private Origin() {}

    /// Of a value that was looked up.
    static String of(ConfigValue value) {
        var source = value.getConfigSourceName();
        if (value.getRawValue() == null || source == null) {
            return DEFAULT;
        }
        var place = of(source, value.getName());
        return place.equals(DEFAULT) || value.getLineNumber() < 1
                ? place
                : place + ":" + value.getLineNumber();
    }

    /// @param source as SmallRye names it
    /// @param name of the key, in any spelling
    static String of(String source, String name) {
        var file = FILE.matcher(source);
        boolean environment = source.startsWith(EnvConfigSource.NAME);
        if (file.matches()) {
            return "file " + file.group(1);
        }
        if (environment) {
            return "env " + KnownKeys.environmentName(name);
        }
        if (source.startsWith("SysPropConfigSource")) {
            return "system property";
        }
        return isBuiltIn(source) ? DEFAULT : source;
    }

    private static boolean isBuiltIn(String source) {
        return source.startsWith("DefaultValuesConfigSource")
                || source.startsWith("BuildTime RunTime Fixed")
                || source.startsWith("Runtime Values");
    }
}
