// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The chart renders what the overlays render, so neither can fall behind.
class HelmTest {
    static final String CHART = "deploy/helm/chiral-edge";

    /// Both put a hash of what is in the ConfigMap behind its name, each its own.
    private static final Pattern HASH = Pattern.compile("\"chiral-edge-[0-9a-z]{10}\"");

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    static Stream<Path> overlays() {
        return Manifests.overlays();
    }

    @BeforeEach
    void needsBoth() {
        Tool.KUBECTL.path();
        Tool.HELM.path();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void rendersTheObjectsOfTheOverlay(Path overlay) {
        var values = Path.of(CHART, "ci", overlay.getFileName() + ".yaml");

        var chart = template("--values", values.toString());

        assertThat(named(chart)).isEqualTo(named(KustomizeTest.rendered(overlay)));
    }

    @Test
    void hasTheSameRules() throws IOException {
        assertThat(Files.readString(Path.of(CHART, "files/chiral-edge.rules.yaml")))
                .isEqualTo(Files.readString(Selectors.RULES));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void passesItsOwnLinter(Path overlay) {
        var values = Path.of(CHART, "ci", overlay.getFileName() + ".yaml").toString();

        var answer =
                Tool.HELM.run("lint", "--strict", "--kube-version", "1.32.0", CHART, "-f", values);

        assertThat(answer).contains("1 chart(s) linted, 0 chart(s) failed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exposure.type=carrier-pigeon",
                "image.tag=latest",
                "announce=relay.example.net:4001",
                "replicas=0",
                "config.chiral_roles=relay",
                "storage.accessMode=ReadWriteMany",
                "replica=3"
            })
    void refusesValuesThatCannotBe(String value) {
        var told = Tool.HELM.refusal("lint", "--kube-version", "1.32.0", CHART, "--set", value);

        assertThat(told).contains("values don't meet the specifications of the schema");
    }

    @Test
    void takesAnImageByItsDigest() {
        var digest = "sha256:" + "0123456789abcdef".repeat(4);

        var rendered = template("--set", "image.tag=" + digest);

        assertThat(rendered.container().path("image").asText()).endsWith("/chiral-edge@" + digest);
    }

    private static Manifests template(String... more) {
        var command =
                Stream.concat(
                        Stream.of("template", "chiral-edge", CHART, "-n", "chiral-edge"),
                        Stream.concat(Stream.of("--kube-version", "1.32.0"), Stream.of(more)));
        return Manifests.parse(Tool.HELM.run(command.toArray(String[]::new)));
    }

    private static Map<String, Object> named(Manifests objects) {
        var found = new TreeMap<String, Object>();
        for (var each : objects.all()) {
            var plain = plain(each);
            found.put(
                    plain.path("kind").asText() + "/" + plain.at("/metadata/name").asText(),
                    JSON.convertValue(plain, Map.class));
        }
        return found;
    }

    private static JsonNode plain(JsonNode object) {
        try {
            return JSON.readTree(
                    HASH.matcher(object.toString()).replaceAll("\"chiral-edge-of-its-hash\""));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
