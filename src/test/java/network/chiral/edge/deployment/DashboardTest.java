// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.deployment;

import static network.chiral.edge.deployment.Manifests.each;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Grafana dashboard, as far as a file shows; MetricsIT asks the running program.
class DashboardTest {
    /// What begins like a metric of the node's and has no braces behind it.
    private static final Pattern BARE =
            Pattern.compile("\\b(chiral|libp2p|rpc|process|jvm)_\\w+(?![\\w{])");

    private final List<JsonNode> panels = each(Selectors.dashboard().path("panels")).toList();

    @TempDir private Path folder;

    @Test
    void everyPanelHasAnIdAndATitleOfItsOwn() {
        assertThat(panels).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates();
        assertThat(panels)
                .extracting(panel -> panel.path("title").asText())
                .doesNotHaveDuplicates();
    }

    @Test
    void noPanelCoversAnotherOrLeavesTheGrid() {
        var cells =
                panels.stream()
                        .map(panel -> panel.path("gridPos"))
                        .peek(place ->
                                assertThat(place.path("x").asInt() + place.path("w").asInt())
                                        .isLessThanOrEqualTo(24))
                        .flatMap(DashboardTest::cells);

        assertThat(cells).doesNotHaveDuplicates();
    }

    private static Stream<String> cells(JsonNode place) {
        return Stream.iterate(0, i -> i < place.path("w").asInt(), i -> i + 1)
                .flatMap(x ->
                        Stream.iterate(0, i -> i < place.path("h").asInt(), i -> i + 1)
                                .map(y ->
                                        (place.path("x").asInt() + x)
                                                + "/"
                                                + (place.path("y").asInt() + y)));
    }

    @Test
    void everyPanelAsksTheChosenSourceForTheChosenNodes() {
        var targets =
                panels.stream()
                        .filter(panel -> !panel.path("type").asText().equals("row"))
                        .flatMap(panel -> each(panel.path("targets")))
                        .toList();

        assertThat(targets)
                .hasSizeGreaterThan(40)
                .allSatisfy(target -> {
                    assertThat(target.at("/datasource/uid").asText()).isEqualTo("${datasource}");
                    assertThat(target.path("expr").asText())
                            .contains("instance=~\"$instance\"")
                            .doesNotContainPattern(BARE);
                });
    }

    @Test
    void everyExpressionIsOneThatPrometheusCanRead() throws IOException {
        var rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        for (var expression : Selectors.expressions()) {
            var plain = expression.replace("$__rate_interval", "5m").replace("$__range", "1h");
            rules.append("      - record: dashboard:panel\n        expr: '")
                    .append(plain.replace("'", "''"))
                    .append("'\n        labels: {n: \"")
                    .append(rules.length())
                    .append("\"}\n");
        }
        var file = Files.writeString(folder.resolve("rules.yaml"), rules);

        var answer = Tool.PROMTOOL.run("check", "rules", file.toString());

        assertThat(answer).contains("SUCCESS: " + Selectors.expressions().size() + " rules found");
    }
}
