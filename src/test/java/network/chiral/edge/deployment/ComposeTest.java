// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.deployment;

import static network.chiral.edge.deployment.Manifests.each;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The compose file says what the program is, and finds what it mounts.
class ComposeTest {
    private static final Path FOLDER = Path.of("deploy");

    private final JsonNode compose =
            Manifests.read(FOLDER.resolve("compose.yaml")).all().getFirst();
    private final JsonNode node = compose.at("/services/chiral-edge");

    @Test
    void theNodeHasTheProgramsPortsTheManagementOneForThisMachineAlone() {
        assertThat(texts(node.path("ports")))
                .containsExactlyInAnyOrder(
                        "%1$d:%1$d".formatted(ProgramFacts.PORTS.get("p2p")),
                        "127.0.0.1:%1$d:%1$d".formatted(ProgramFacts.PORTS.get("management")));
        assertThat(texts(node.path("volumes")))
                .containsExactly("data:" + ProgramFacts.DATA_DIRECTORY);
        assertThat(ProgramFacts.KNOWN_ENVIRONMENT)
                .containsAll(
                        node.path("environment").properties().stream()
                                .map(Map.Entry::getKey)
                                .toList());
    }

    @Test
    void theNodeHasNothingThatItDoesNotNeed() {
        assertThat(node.path("read_only").asBoolean()).isTrue();
        assertThat(texts(node.path("cap_drop"))).containsExactly("ALL");
        assertThat(texts(node.path("security_opt"))).containsExactly("no-new-privileges:true");
        assertThat(node.path("mem_limit").asText())
                .isEqualTo(
                        Manifests.base()
                                .container()
                                .at("/resources/limits/memory")
                                .asText()
                                .replace("Mi", "m"));
    }

    @Test
    void thereIsTimeToDrainAndToSave() {
        var grace = seconds(node.at("/environment/CHIRAL_DRAIN_GRACE").asText());

        assertThat(seconds(node.path("stop_grace_period").asText()))
                .isGreaterThanOrEqualTo(grace + 2 * 5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prometheus", "grafana"})
    void everyFileThatIsMountedIsThere(String service) {
        var mounted =
                texts(compose.at("/services/" + service + "/volumes"))
                        .filter(it -> it.startsWith("./"))
                        .map(it -> FOLDER.resolve(it.split(":")[0].substring(2)))
                        .toList();

        assertThat(mounted).isNotEmpty().allMatch(Files::exists);
    }

    /// A dashboard that is mounted where its provider looks, from a source that asks the Prometheus beside it.
    @Test
    void grafanaFindsDashboardAndSource() {
        var provisioning = FOLDER.resolve("grafana/provisioning");
        var source =
                Manifests.read(provisioning.resolve("datasources/prometheus.yaml"))
                        .all()
                        .getFirst()
                        .at("/datasources/0");
        var folder =
                Manifests.read(provisioning.resolve("dashboards/chiral-edge.yaml"))
                        .all()
                        .getFirst()
                        .at("/providers/0/options/path")
                        .asText();

        assertThat(source.path("url").asText()).isEqualTo("http://prometheus:9090");
        assertThat(compose.at("/services").has("prometheus")).isTrue();
        assertThat(texts(compose.at("/services/grafana/volumes")))
                .anyMatch(it -> it.contains(":" + folder + "/"));
    }

    private static int seconds(String text) {
        assertThat(text).endsWith("s");
        return Integer.parseInt(text.replace("s", ""));
    }

    private static Stream<String> texts(JsonNode array) {
        return each(array).map(JsonNode::asText);
    }
}
