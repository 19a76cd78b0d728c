// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import network.chiral.edge.conformance.Clause;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the node tells its operators, and what it does with a setting that cannot be.
class HealthIT {
    @RegisterExtension static final Processes SHARED = new Processes();

    @RegisterExtension final Processes processes = new Processes();

    @TempDir static Path sharedDir;

    @TempDir Path dataDir;

    private static EdgeProcess edge;

    @BeforeAll
    static void startEdge() {
        edge = SHARED.edge(sharedDir, Map.of());
    }

    // --- probes

    @ParameterizedTest
    @ValueSource(strings = {"live", "ready", "started", "well"})
    void isUpOnAnEmptyCache(String probe) {
        edge.get("/q/health/" + probe).then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void waitsForItsSocketsByEpoll() {
        edge.get("/q/health/live").then().body("checks[0].data.transport", equalTo("epoll"));
    }

    @ParameterizedTest
    @CsvSource({"ready, ready", "well, cache-warmth"})
    void tellsHowWarmItIs(String probe, String check) {
        var data = "checks.find { it.name == '" + check + "' }.data";

        var answer = edge.get("/q/health/" + probe).then();

        answer.body(data + ".state", equalTo("empty"))
                .body(data + ".known", equalTo(0))
                .body(data + ".dialled", equalTo(0))
                .body(data + ".connected", equalTo(0))
                .body(data + ".hitRate", equalTo("0.0"))
                .body(data + ".relayCapable", equalTo(0))
                .body(data + ".lastSaveOutcome", equalTo("none"));
        Stream.of("firstPeerMillis", "lastSave").forEach(key -> answer.body(data, hasKey(key)));
    }

    /// A client that gets an empty list of addresses believes in a reservation nobody can use.
    @Test
    @Clause("R1")
    void isNotReadyAndReservesNothingWithoutAnAddressInScope() {
        var hidden =
                processes.edge(
                        dataDir, Map.of("CHIRAL_ADDRESS_SCOPE", "public", "CHIRAL_ROLES", "relay"));
        var peer = processes.peer(PeerLanguage.GO);
        peer.call("connect", "addr", hidden.address());

        var refusal = peer.refused("reserve", "addr", hidden.address());

        assertThat(refusal.get("status").asText()).isEqualTo("RESERVATION_REFUSED");
        hidden.get("/q/health/ready")
                .then()
                .statusCode(503)
                .body("status", equalTo("DOWN"))
                .body(
                        "checks.find { it.name == 'ready' }.data.reason",
                        containsString("no address to announce is in scope"));
        hidden.get("/q/health/live").then().statusCode(200);
    }

    // --- metrics

    @Test
    void countsWhatItRelays() {
        var destination = processes.peer(PeerLanguage.GO);
        destination.call("connect", "addr", edge.address());
        destination.call("reserve", "addr", edge.address());
        var source = processes.peer(PeerLanguage.GO);
        source.connectThrough(edge, destination);
        source.call("sink", "peer", destination.id(), "bytes", 100_000);

        source.call("disconnect", "peer", destination.id());

        Patience.until(
                PeerProcess.PATIENCE,
                () -> edge.metric("libp2p_relaysvc_data_transferred_bytes_total"),
                bytes -> bytes > 100_000);
        assertThat(edge.get("/q/metrics").asString())
                .contains(
                        "libp2p_relaysvc_status 1",
                        "libp2p_relaysvc_reservations_total{type=\"opened\"} ",
                        "libp2p_relaysvc_reservation_request_response_status_total{status=\"ok\"} ",
                        "libp2p_relaysvc_connections_total{type=\"opened\"} ",
                        "libp2p_relaysvc_connections_total{type=\"closed\"} ",
                        "libp2p_relaysvc_connection_request_response_status_total{status=\"ok\"} ",
                        "libp2p_relaysvc_connection_duration_seconds_bucket{",
                        "libp2p_swarm_connections_opened_total{",
                        "chiral_relay_reservations 1",
                        "chiral_relay_reservations_limit 4096",
                        "chiral_relay_circuits 0",
                        "chiral_relay_circuits_ended_total{",
                        "chiral_connections 2",
                        "chiral_peers 2",
                        "chiral_cache_peers 2",
                        "chiral_cache_hit_ratio ",
                        "chiral_first_peer_seconds ",
                        "chiral_event_loop_lag_seconds ",
                        "chiral_crypto_provider{name=");
    }

    // --- settings

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    CHIRAL_LISTEN         | tcp:4001             | chiral.listen is 'tcp:4001', but it has to be a multiaddr such as
                    CHIRAL_RELAY_PRESET   | generous             | chiral.relay.preset is 'generous', but it has to be one of chiral, go, rust, unlimited
                    CHIRAL_RELAY_CIRCUITS | many                 | chiral.relay.circuits is 'many', but it has to be a whole number from 0 to
                    CHIRAL_ADDRESS_SCOPE  | world                | chiral.address-scope is 'world', but it has to be one of public, lan, any
                    CHIRAL_BOOTSTRAP      | /ip4/1.2.3.4/tcp/401 | chiral.bootstrap is '/ip4/1.2.3.4/tcp/401', but it has to be a multiaddr that ends in /p2p/<peer id>
                    """)
    void doesNotStartWithASettingThatCannotBe(String key, String value, String sentence) {
        var broken = processes.edge(dataDir, Map.of(key, value));

        assertThat(broken.awaitExit()).isEqualTo(1);
        assertThat(broken.stderr()).contains(sentence);
    }

    // --- memory

    @Test
    void goesOnAfterItHasGivenMemoryBack() {
        var settings =
                Map.of("QUARKUS_LOG_CATEGORY__NETWORK_CHIRAL_EDGE_NODE_MEMORY__LEVEL", "DEBUG");
        var node = processes.edge(dataDir, settings);

        node.process()
                .awaitLine(ChildProcess.Source.ERR, "Gave memory back", Duration.ofSeconds(30));

        var peer = processes.peer(PeerLanguage.GO);
        peer.call("connect", "addr", node.address());
        assertThat(peer.call("reserve", "addr", node.address()).path("expire").asLong())
                .isPositive();
        node.get("/q/health/live").then().statusCode(200);
    }
}
