// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.StreamSupport;
import network.chiral.edge.conformance.Clause;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The node behind relays of three libraries, and peers of three libraries that reach it there.
class EdgeInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension static final Processes PROCESSES = new Processes();

    @TempDir Path dataDir;

    private static PeerProcess relay(PeerLanguage language) {
        return PROCESSES.peer(language, "--relay", "--listen", "/ip4/127.0.0.1/tcp/0");
    }

    private EdgeProcess edge(PeerProcess... relays) {
        var addresses = new StringBuilder();
        for (var relay : relays) {
            addresses.append(addresses.isEmpty() ? "" : ",").append(relay.address());
        }
        return PROCESSES.edge(
                dataDir,
                Map.of(
                        "CHIRAL_ROLES", "edge",
                        "CHIRAL_EDGE_RESERVATIONS", "1",
                        "CHIRAL_EDGE_RELAYS", addresses.toString()));
    }

    /// A circuit address of the node through `relay`, as soon as it announces one.
    private static String circuit(EdgeProcess edge, PeerProcess relay) {
        Patience.until(
                PATIENCE,
                () -> String.valueOf(edge.warmth("announced")),
                announced -> announced.contains(relay.id() + "/p2p-circuit"));
        return relay.address() + "/p2p-circuit/p2p/" + edge.peerId();
    }

    static java.util.stream.Stream<Object[]> pairs() {
        return PeerLanguage.pairs().map(java.util.List::toArray);
    }

    @ParameterizedTest(name = "a {1} peer through a {0} relay")
    @MethodSource("pairs")
    @Clause({"relay-client-1", "relay-client-3", "relay-client-12", "relay-client-14"})
    void isReachedThroughARelay(PeerLanguage relays, PeerLanguage peers) {
        var relay = relay(relays);
        var edge = edge(relay);
        var address = circuit(edge, relay);
        var peer = PROCESSES.peer(peers);

        var connection = peer.call("connect", "addr", address);

        assertThat(connection.get("peer").asText()).isEqualTo(edge.peerId());
        assertThat(peer.call("ping", "peer", edge.peerId(), "count", 3).get("rttMs")).hasSize(3);
        var identity = peer.call("identify", "peer", edge.peerId());
        assertThat(texts(identity.get("listenAddrs")))
                .anyMatch(listed -> listed.contains(relay.id() + "/p2p-circuit"));
        assertThat(identity.get("observedAddr").asText()).contains("/p2p-circuit");
    }

    @ParameterizedTest(name = "a {1} peer through a {0} relay")
    @MethodSource("pairs")
    @Clause({"relay-client-9", "relay-client-14"})
    void reachesAPeerThroughARelay(PeerLanguage relays, PeerLanguage peers) {
        var relay = relay(relays);
        var peer = PROCESSES.peer(peers);
        peer.call("connect", "addr", relay.address());
        peer.call("reserve", "addr", relay.address());

        var edge =
                PROCESSES.edge(
                        dataDir,
                        Map.of(
                                "CHIRAL_BOOTSTRAP",
                                relay.address() + "/p2p-circuit/p2p/" + peer.id()));

        var connected =
                peer.awaitEvent(
                        "connected",
                        event -> event.path("peer").asText().equals(edge.peerId()),
                        PATIENCE);
        assertThat(connected.get("addr").asText()).contains("/p2p-circuit");
        assertThat(peer.call("ping", "peer", edge.peerId(), "count", 3).get("rttMs")).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    @Clause("relay-client-6")
    void goesToAnotherRelayWhenItsOwnIsKilled(PeerLanguage language) {
        var first = relay(language);
        var second = relay(language);
        var edge = edge(first, second);
        circuit(edge, first);

        first.process().close();

        var peer = PROCESSES.peer(PeerLanguage.GO);
        peer.call("connect", "addr", circuit(edge, second));
        assertThat(peer.call("ping", "peer", edge.peerId(), "count", 1).get("rttMs")).hasSize(1);
        assertThat(String.valueOf(edge.warmth("announced"))).doesNotContain(first.id());
    }

    private static java.util.List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
    }
}
