// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import network.chiral.edge.deployment.ProgramFacts;
import network.chiral.edge.node.configuration.KnownKeys;
import org.junit.jupiter.api.Test;

/// The keys of the mappings, and what scripts and manifests say about them. That all are in the reference
/// is in ConfigurationPageTest.
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

    private final KnownKeys known = KnownKeys.all();

    @Test
    void keepTheNamesThatScriptsRelyOn() {
        assertThat(known.keys()).containsAll(FIXED);
    }

    @Test
    void coverTheEnvironmentThatTheManifestsMaySet() {
        var chiral =
                ProgramFacts.KNOWN_ENVIRONMENT.stream()
                        .filter(name -> name.startsWith("CHIRAL_"))
                        .toList();

        assertThat(known.environmentNames()).containsAll(chiral);
    }
}
