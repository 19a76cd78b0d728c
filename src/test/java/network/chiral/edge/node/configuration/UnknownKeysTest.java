// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownKeysTest {
    private final KnownKeys known = KnownKeys.all();

    private List<String> sentences(ConfigSource source) {
        var config = TestConfiguration.of(Map.of(), source);
        return new UnknownKeys(known).find(config).stream().map(UnknownKey::sentence).toList();
    }

    @Test
    void namesTheVariableThatWasMeant() {
        var found =
                sentences(
                        TestConfiguration.environment(
                                Map.of("CHIRAL_RELAY_CIRCUT_BYTES", "1", "PATH", "/bin")));

        assertThat(found)
                .containsExactly(
                        "CHIRAL_RELAY_CIRCUT_BYTES (environment) is no key of this"
                                + " program; did you mean CHIRAL_RELAY_CIRCUIT_BYTES?");
    }

    @Test
    void namesTheKeyThatWasMeantAndTheFileWithTheOther() {
        var found = sentences(TestConfiguration.file(Map.of("chiral.kad.refresh-evry", "1m")));

        assertThat(found)
                .containsExactly(
                        "chiral.kad.refresh-evry (file /etc/test.properties) is no key of this"
                                + " program; did you mean chiral.kad.refresh-every?");
    }

    @Test
    void guessesNothingWhereNothingIsNear() {
        var found =
                sentences(TestConfiguration.environment(Map.of("CHIRAL_COFFEE_MACHINE_ON", "1")));

        assertThat(found)
                .containsExactly(
                        "CHIRAL_COFFEE_MACHINE_ON (environment) is no key of this" + " program");
    }

    @Test
    void neverShowsTheValue() {
        var found =
                sentences(
                        TestConfiguration.environment(Map.of("CHIRAL_IDENTITY_SECRET", "hunter2")));

        assertThat(found).hasSize(1);
        assertThat(found.getFirst()).doesNotContain("hunter2");
    }

    @Test
    void knowsEveryKeyInBothSpellings() {
        Map<String, String> variables = new HashMap<>();
        Map<String, String> keys = new HashMap<>();
        for (var key : known.keys()) {
            var value = known.defaultOf(key).isEmpty() ? "1" : known.defaultOf(key);
            variables.put(KnownKeys.environmentName(key), value);
            keys.put(key, value);
        }

        assertThat(sentences(TestConfiguration.environment(variables))).isEmpty();
        assertThat(sentences(TestConfiguration.file(keys))).isEmpty();
        assertThat(known.environmentNames()).hasSameSizeAs(known.keys());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"chiral.listen[0]", "%prod.chiral.crypto", "chiral", "chirality.x", "other"})
    void letsOtherSpellingsAndOtherNamesPass(String key) {
        assertThat(sentences(TestConfiguration.file(Map.of(key, "/ip4/127.0.0.1/tcp/1"))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chiral.crypto[0]", "%prod.chiral.cripto", "chiral.Listen"})
    void findsWrongOnesInOtherSpellings(String key) {
        assertThat(sentences(TestConfiguration.file(Map.of(key, "x")))).hasSize(1);
    }

    /// A Service named `chiral-edge` in the namespace of a pod gives it these, unless it says no.
    @Test
    void knowsWhatKubernetesTellsAContainer() {
        var links =
                Map.of(
                        "CHIRAL_EDGE_SERVICE_HOST", "10.0.0.1",
                        "CHIRAL_EDGE_SERVICE_PORT", "4001",
                        "CHIRAL_EDGE_SERVICE_PORT_P2P", "4001",
                        "CHIRAL_EDGE_PORT", "tcp://10.0.0.1:4001",
                        "CHIRAL_EDGE_PORT_4001_TCP", "tcp://10.0.0.1:4001",
                        "CHIRAL_EDGE_PORT_4001_TCP_PROTO", "tcp",
                        "CHIRAL_EDGE_PORT_4001_TCP_ADDR", "10.0.0.1");

        assertThat(sentences(TestConfiguration.environment(links))).isEmpty();
        assertThat(sentences(TestConfiguration.environment(Map.of("CHIRAL_P2P_PORT", "4001"))))
                .hasSize(1);
    }

    @Test
    void asksEveryMappingThatThereIs() {
        var mappings =
                new ClassFileImporter()
                        .importPath(Path.of("target/classes/network")).stream()
                                .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
                                .map(type ->
                                        type.getName()
                                                + " "
                                                + type.getAnnotationOfType(ConfigMapping.class)
                                                        .prefix())
                                .collect(Collectors.toSet());

        assertThat(Mappings.ALL)
                .extracting(mapping -> mapping.type().getName() + " " + mapping.prefix())
                .containsExactlyInAnyOrderElementsOf(mappings);
    }
}
