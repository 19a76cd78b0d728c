// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.configuration;

import io.quarkus.runtime.configuration.AbstractConfigBuilder;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import network.chiral.edge.node.BadConfiguration;

/// Reads the configuration as the node does when it starts, without starting it.
public final class ProgramConfiguration {
    /// What Quarkus makes of sources and mappings when it builds the program, and reads them with itself.
    /// Not its own constant; `CommandsIT` fails where a later version names it differently.
    private static final String GENERATED = "io.quarkus.runtime.generated.RunTimeConfig";

    /// Where a value comes from that a check puts in the place of a bad one.
    private static final String REPLACED = "replaced";

    private ProgramConfiguration() {}

    /// Reads all sources.
    ///
    /// @param replaced values that count more than those of any source
    /// @throws BadConfiguration where a value is missing or of the wrong kind
    public static SmallRyeConfig read(Map<String, String> replaced) {
        var builder =
                new SmallRyeConfigBuilder()
                        .forClassLoader(Thread.currentThread().getContextClassLoader());
        AbstractConfigBuilder.withCustomizer(builder, GENERATED);
        return build(builder, replaced);
    }

    static SmallRyeConfig build(SmallRyeConfigBuilder builder, Map<String, String> replaced) {
        if (!replaced.isEmpty()) {
            builder.withSources(new PropertiesConfigSource(replaced, REPLACED, Integer.MAX_VALUE));
        }
        try {
            return builder.build();
        } catch (RuntimeException e) {
            // ConfigValidationException, NoSuchElementException and whatever a converter throws
            throw new BadConfiguration(
                    e.getMessage() == null ? e.toString() : e.getMessage().strip());
        }
    }
}
