// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.configuration;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/// Configurations with nothing of the machine in them.
public final class TestConfiguration {
    private TestConfiguration() {}

    /// Properties of a file `/etc/test.properties`.
    public static ConfigSource file(Map<String, String> properties) {
        return new PropertiesConfigSource(properties, "file:/etc/test.properties", 260);
    }

    public static ConfigSource environment(Map<String, String> variables) {
        return new EnvConfigSource(variables, 300);
    }

    public static SmallRyeConfig of(Map<String, String> properties, Map<String, String> replaced) {
        return of(replaced, file(properties));
    }

    public static SmallRyeConfig of(Map<String, String> replaced, ConfigSource... sources) {
        var builder =
                new SmallRyeConfigBuilder()
                        .addDefaultInterceptors()
                        .withValidateUnknown(false)
                        .withDefaultValue("user.home", "/home/nobody")
                        .withDefaultValue("quarkus.application.version", "1.2.3")
                        .withSources(sources);
        Mappings.ALL.forEach(mapping -> builder.withMapping(mapping.type(), mapping.prefix()));
        return ProgramConfiguration.build(builder, replaced);
    }
}
