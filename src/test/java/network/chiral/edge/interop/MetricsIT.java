// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import network.chiral.edge.deployment.Selectors;
import network.chiral.edge.deployment.Selectors.Selector;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What Prometheus gets of the running program: all that rules and dashboards ask for, go-libp2p's too.
class MetricsIT {
    private static final Path GO_DASHBOARDS =
            Path.of("src/test/resources/dashboards/go-libp2p-0.51.tsv");
    private static final Pattern SERIES = Pattern.compile("([a-z]\\w*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension static final Processes SHARED = new Processes();

    @RegisterExtension final Processes processes = new Processes();

    @TempDir static Path sharedDir;

    @TempDir Path dataDir;

    private static List<Series> fresh;

    private record Series(String name, Map<String, String> labels, double value) {}

    /// Asked before anybody has connected: what is counted has to be there, at 0, or its first rise is lost.
    @BeforeAll
    static void askANewNode() throws IOException {
        var denied = Files.writeString(sharedDir.resolve("deny"), "# nobody\n");
        var edge =
                SHARED.edge(
                        sharedDir.resolve("data"),
                        Map.of("CHIRAL_LISTS_DENY_FILE", denied.toString()));
        edge.peerId();
        fresh = series(edge);
    }

    static Stream<Selector> rules() {
        return Selectors.ofRules().distinct();
    }

    static Stream<Selector> dashboard() {
        return Selectors.ofDashboard().distinct();
    }

    static Stream<Selector> goDashboards() throws IOException {
        return Files.readAllLines(GO_DASHBOARDS).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t", -1))
                .map(fields -> new Selector(fields[1], wanted(fields[2])));
    }

    /// `dir=inbound muxer`: a value, and a label of any.
    private static Map<String, Pattern> wanted(String text) {
        var labels = new LinkedHashMap<String, Pattern>();
        for (var word : text.isEmpty() ? new String[0] : text.split(" ")) {
            var parts = word.split("=", 2);
            labels.put(
                    parts[0], Pattern.compile(parts.length == 1 ? ".+" : Pattern.quote(parts[1])));
        }
        return labels;
    }

    @ParameterizedTest
    @MethodSource("rules")
    void hasWhatAnAlertLooksAt(Selector selector) {
        assertThat(fresh).anyMatch(it -> selector.selects(it.name(), it.labels()));
    }

    @ParameterizedTest
    @MethodSource("dashboard")
    void hasWhatTheDashboardShows(Selector selector) {
        assertThat(fresh).anyMatch(it -> selector.selects(it.name(), it.labels()));
    }

    @ParameterizedTest
    @MethodSource("goDashboards")
    void hasWhatTheDashboardsOfGoLibp2pShow(Selector selector) {
        assertThat(fresh).anyMatch(it -> selector.selects(it.name(), it.labels()));
    }

    @Test
    void hasNoLabelThatGrowsWithThePeers() {
        assertThat(fresh)
                .flatExtracting(it -> it.labels().keySet())
                .doesNotContain("peer", "peer_id", "address", "remote");
        assertThat(fresh).hasSizeLessThan(1_000);
    }

    // --- what moves

    @Test
    void countsAConnectionFromItsHandshakeToItsEnd() {
        var edge = processes.edge(dataDir, Map.of());
        var peer = processes.peer(PeerLanguage.GO);

        peer.call("connect", "addr", edge.address());
        peer.call("disconnect", "peer", edge.peerId());

        Patience.until(
                PATIENCE,
                () -> sum(edge, "libp2p_swarm_connection_duration_seconds_count", Map.of()),
                count -> count == 1);
        var go = Map.of("dir", "inbound", "early_muxer", "true", "ip_version", "ip4");
        assertThat(sum(edge, "libp2p_swarm_connections_opened_total", go)).isEqualTo(1);
        assertThat(sum(edge, "libp2p_swarm_connections_closed_total", go)).isEqualTo(1);
        assertThat(sum(edge, "libp2p_swarm_key_types_total", Map.of("key_type", "Ed25519")))
                .isEqualTo(1);
        assertThat(
                        sum(
                                edge,
                                "libp2p_swarm_handshake_latency_seconds_count",
                                Map.of("early_muxer", "true")))
                .isEqualTo(1);
        assertThat(sum(edge, "libp2p_swarm_handshake_latency_seconds_sum", Map.of()))
                .isBetween(0.000_1, 30.0);
    }

    @Test
    void countsDialsByWhatCameOfThem() {
        var peer = processes.peer(PeerLanguage.GO, "--listen", "/ip4/127.0.0.1/tcp/0");
        var nobody = "/ip4/127.0.0.1/tcp/1/p2p/" + processes.peer(PeerLanguage.GO).id();
        var edge =
                processes.edge(dataDir, Map.of("CHIRAL_BOOTSTRAP", peer.address() + "," + nobody));

        Patience.until(
                PATIENCE,
                () ->
                        sum(
                                edge,
                                "libp2p_swarm_dial_errors_total",
                                Map.of("error", "connection refused", "transport", "tcp")),
                count -> count > 0);
        Patience.until(
                PATIENCE,
                () ->
                        sum(
                                edge,
                                "libp2p_swarm_dials_per_peer_total",
                                Map.of("outcome", "success", "num_dials", "1")),
                count -> count == 1);

        assertThat(
                        sum(
                                edge,
                                "libp2p_swarm_dial_latency_seconds_count",
                                Map.of("outcome", "success")))
                .isEqualTo(1);
        assertThat(sum(edge, "libp2p_swarm_dial_ranking_delay_seconds_count", Map.of()))
                .isEqualTo(1);
    }

    private static double sum(EdgeProcess edge, String name, Map<String, String> labels) {
        return series(edge).stream()
                .filter(it -> it.name().equals(name))
                .filter(it -> it.labels().entrySet().containsAll(labels.entrySet()))
                .mapToDouble(Series::value)
                .sum();
    }

    private static List<Series> series(EdgeProcess edge) {
        return edge.get("/q/metrics")
                .asString()
                .lines()
                .map(SERIES::matcher)
                .filter(match -> match.matches())
                .map(match ->
                        new Series(
                                match.group(1),
                                labels(match.group(2)),
                                Double.parseDouble(match.group(3).replace("+Inf", "Infinity"))))
                .toList();
    }

    private static Map<String, String> labels(String text) {
        var labels = new LinkedHashMap<String, String>();
        if (text != null) {
            LABEL.matcher(text).results().forEach(it -> labels.put(it.group(1), it.group(2)));
        }
        return labels;
    }
}
