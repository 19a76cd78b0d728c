// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.deployment;

import static network.chiral.edge.deployment.Manifests.each;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What rules and dashboard ask Prometheus for.
public final class Selectors {
    static final Path RULES = Path.of("deploy/prometheus/chiral-edge.rules.yaml");
    static final Path DASHBOARD = Path.of("deploy/grafana/chiral-edge.json");

    /// Of Prometheus, the kubelet and kube-state-metrics; the node does not tell them.
    private static final Pattern FOREIGN = Pattern.compile("up|(kubelet|kube|container)_.*");

    private static final Pattern SELECTOR = Pattern.compile("([a-z]\\w*)\\{([^}]*)}");
    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");

    private Selectors() {}

    /// A metric and what its labels have to be.
    ///
    /// @param labels patterns of values by name
    public record Selector(String metric, Map<String, Pattern> labels) {
        /// True where `series` is one of them.
        public boolean selects(String name, Map<String, String> series) {
            return name.equals(metric)
                    && labels.entrySet().stream()
                            .allMatch(it ->
                                    it.getValue()
                                            .matcher(series.getOrDefault(it.getKey(), ""))
                                            .matches());
        }
    }

    /// Of the alerts, but for what others tell.
    public static Stream<Selector> ofRules() {
        return alerts().map(alert -> alert.path("expr").asText()).flatMap(Selectors::of);
    }

    /// Of the dashboard and its variables.
    public static Stream<Selector> ofDashboard() {
        return expressions().stream().flatMap(Selectors::of);
    }

    static Stream<JsonNode> alerts() {
        return each(Manifests.read(RULES).all().getFirst().path("groups"))
                .flatMap(group -> each(group.path("rules")));
    }

    static JsonNode dashboard() {
        try {
            return new ObjectMapper().readTree(Files.readString(DASHBOARD));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> expressions() {
        var found = new ArrayList<String>();
        each(dashboard().path("panels"))
                .flatMap(panel -> each(panel.path("targets")))
                .forEach(target -> found.add(target.path("expr").asText()));
        return found;
    }

    static Stream<Selector> of(String expression) {
        return SELECTOR.matcher(expression)
                .results()
                .filter(match -> !FOREIGN.matcher(match.group(1)).matches())
                .map(match -> new Selector(match.group(1), labels(match.group(2))));
    }

    /// Labels that Prometheus adds are left out, and what a value must not be.
    private static Map<String, Pattern> labels(String text) {
        var labels = new LinkedHashMap<String, Pattern>();
        LABEL.matcher(text)
                .results()
                .filter(match -> !match.group(1).matches("job|instance"))
                .filter(match -> !match.group(2).startsWith("!"))
                .forEach(match ->
                        labels.put(
                                match.group(1),
                                match.group(2).equals("=")
                                        ? Pattern.compile(Pattern.quote(match.group(3)))
                                        : Pattern.compile(match.group(3))));
        return labels;
    }
}
