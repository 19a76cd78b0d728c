// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.configuration;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.ManagementInterface;
import io.smallrye.config.SmallRyeConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.stream.Collectors;
import network.chiral.edge.node.BadConfiguration;
import org.eclipse.microprofile.config.Config;

/// Stops a start over keys that nobody reads: a limit with a letter too many would be no limit.
///
/// SmallRye does so for properties with sentences of its own and without a guess, and overlooks
/// environment variables, which is how this program is configured; `application.properties` turns it off.
@Singleton
class StartCheck {
    /// Before anything of the node is made.
    private static final int FIRST = 1;

    private final Config config;

    StartCheck(Config config) {
        this.config = config;
    }

    /// The management port is the first that has anything made: its routes need the node.
    void onManagement(@Observes @Priority(FIRST) ManagementInterface management) {
        check();
    }

    /// Where there is no management port.
    void onStart(@Observes @Priority(FIRST) StartupEvent event) {
        check();
    }

    private void check() {
        var known = KnownKeys.all();
        var values = config.unwrap(SmallRyeConfig.class);
        var unknown = new UnknownKeys(known).find(values);
        if (!unknown.isEmpty()) {
            throw new BadConfiguration(
                    unknown.stream().map(UnknownKey::sentence).collect(Collectors.joining("; ")));
        }
        for (var bad : new ConfigurationCheck(known, _ -> values).switches(values)) {
            throw bad;
        }
    }
}
