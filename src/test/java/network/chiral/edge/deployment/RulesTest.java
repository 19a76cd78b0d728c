// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.deployment;

import static network.chiral.edge.deployment.Manifests.each;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The alerts: each explained, each tested, and the same everywhere.
class RulesTest {
    private static final Path TESTS = Path.of("deploy/prometheus/chiral-edge.rules.test.yaml");
    private static final Path OBJECT =
            Manifests.ROOT.resolve("components/monitoring/81-prometheusrule.yaml");

    static Stream<JsonNode> alerts() {
        return Selectors.alerts();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void isExplainedWhereItsLinkLeads(JsonNode alert) throws IOException {
        var name = alert.path("alert").asText();
        var page = Files.readString(Path.of("docs/operations.md"));

        assertThat(alert.at("/annotations/runbook_url").asText())
                .isEqualTo("docs/operations.md#" + name.toLowerCase(Locale.ROOT));
        assertThat(page).contains("\n### " + name + "\n");
        assertThat(page.split("\n### " + name + "\n")[1].split("\n#")[0])
                .as("what it means and what to do")
                .hasSizeGreaterThan(150);
        assertThat(alert.at("/labels/severity").asText()).isIn("critical", "warning", "info");
        assertThat(alert.at("/annotations/summary").asText()).contains("{{ $labels.");
    }

    @Test
    void thePageExplainsNoAlertThatIsNotThere() throws IOException {
        var page = Files.readString(Path.of("docs/operations.md"));

        var explained = page.lines().filter(line -> line.startsWith("### ChiralEdge"));

        assertThat(explained.map(line -> line.substring(4)).collect(Collectors.toSet()))
                .isEqualTo(names());
    }

    @Test
    void eachOfThemIsTestedToBeRaisedAndNotToBe() {
        var tested =
                each(Manifests.read(TESTS).all().getFirst().path("tests"))
                        .flatMap(test -> each(test.path("alert_rule_test")))
                        .collect(
                                Collectors.partitioningBy(
                                        test -> !test.path("exp_alerts").isEmpty(),
                                        Collectors.mapping(
                                                test -> test.path("alertname").asText(),
                                                Collectors.toSet())));

        assertThat(tested.get(true)).isEqualTo(names());
        assertThat(tested.get(false)).isEqualTo(names());
    }

    @Test
    void theObjectForTheOperatorHasTheSameRules() {
        var rules = Manifests.read(Selectors.RULES).all().getFirst();
        var object = Manifests.read(OBJECT).the("PrometheusRule");

        assertThat(object.at("/spec/groups")).isEqualTo(rules.path("groups"));
    }

    @Test
    void prometheusReadsThemAndTheirTestsPass() {
        assertThat(Tool.PROMTOOL.run("check", "rules", Selectors.RULES.toString()))
                .contains("SUCCESS: " + names().size() + " rules found");
        assertThat(Tool.PROMTOOL.run("test", "rules", TESTS.toString())).contains("SUCCESS");
    }

    @Test
    void prometheusOfTheComposeFileReadsItsConfiguration() {
        Tool.PROMTOOL.run("check", "config", "--syntax-only", "deploy/prometheus/prometheus.yaml");

        var config = Manifests.read(Path.of("deploy/prometheus/prometheus.yaml")).all().getFirst();
        assertThat(each(config.path("scrape_configs")).map(job -> job.path("job_name").asText()))
                .containsExactly("chiral-edge");
        assertThat(each(config.path("rule_files")).map(JsonNode::asText))
                .isEqualTo(List.of("chiral-edge.rules.yaml"));
        assertThat(config.at("/scrape_configs/0/metrics_path").asText())
                .isEqualTo(ProgramFacts.METRICS);
        assertThat(config.at("/scrape_configs/0/static_configs/0/targets/0").asText())
                .endsWith(":" + ProgramFacts.PORTS.get("management"));
    }

    private static Set<String> names() {
        return alerts().map(alert -> alert.path("alert").asText()).collect(Collectors.toSet());
    }
}
