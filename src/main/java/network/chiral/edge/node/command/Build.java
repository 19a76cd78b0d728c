// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.function.Supplier;

/// Which build of the program this is, as the build wrote it down.
///
/// @param commit `unknown` where the sources were no checkout
record Build(String version, String commit) {
    /// Of this program.
    static final Supplier<Build> HERE =
            () -> {
                try (var in =
                        Build.class.getResourceAsStream("/META-INF/chiral-edge/build.properties")) {
                    return in == null ? new Build("unknown", "unknown") : read(in);
                } catch (IOException e) {
                    return new Build("unknown", "unknown");
                }
            };

    static Build read(InputStream in) throws IOException {
        var properties = new Properties();
        properties.load(in);
        return new Build(known(properties, "version"), known(properties, "commit"));
    }

    /// What the build did not know is still a placeholder.
    private static String known(Properties properties, String name) {
        var value = properties.getProperty(name, "").strip();
        return value.isEmpty() || value.startsWith("${") ? "unknown" : value;
    }
}
