// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import network.chiral.edge.conformance.Clause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What clients hear when the relay goes, and how they come back.
class RelayDrainIT {
    private static final String HOP = "/libp2p/circuit/relay/0.2.0/hop";
    private static final Duration LONG = Duration.ofSeconds(150);
    private static final List<Integer> STOPPED = List.of(0, 143);

    @RegisterExtension final Processes processes = new Processes();

    @TempDir Path dataDir;

    private PeerProcess reserved(EdgeProcess relay, PeerLanguage language) {
        var peer = processes.peer(language);
        peer.call("connect", "addr", relay.address());
        peer.call("reserve", "addr", relay.address());
        return peer;
    }

    /// rust and js close a connection at GoAway, so it must not come while a circuit stands.
    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST", "JS"})
    @Clause({"R18", "relay-drain-1", "relay-drain-2"})
    void circuitsGoOnForTheGraceWhileTheNodeIsNotReady(PeerLanguage language) {
        var edge = processes.edge(dataDir, Map.of("CHIRAL_DRAIN_GRACE", "60s"));
        var destination = reserved(edge, language);
        var source = processes.peer(PeerLanguage.GO);
        source.call("connect", "addr", edge.address());
        source.connectThrough(edge, destination);
        var idle = reserved(edge, PeerLanguage.GO);
        source.call("identify", "peer", edge.peerId());

        edge.process().terminate();

        Patience.until(
                PeerProcess.PATIENCE,
                () -> texts(source.call("identify", "peer", edge.peerId()).get("protocols")),
                protocols -> !protocols.contains(HOP));
        edge.get("/q/health/ready").then().statusCode(503);
        edge.get("/q/health/live").then().statusCode(200);
        source.call("echo", "peer", destination.id(), "bytes", 1 << 20);
        destination.call("echo", "peer", source.id(), "bytes", 1 << 20);
        assertThat(idle.send("reserve", "addr", edge.address()).await().get("ok").asBoolean())
                .isFalse();
        assertThat(edge.process().isAlive()).isTrue();

        source.call("disconnect", "peer", destination.id());

        assertThat(edge.process().awaitExit(PeerProcess.PATIENCE)).isIn(STOPPED);
    }

    @Test
    @Clause("relay-drain-2")
    void circuitsEndWithTheGrace() {
        var edge = processes.edge(dataDir, Map.of("CHIRAL_DRAIN_GRACE", "2s"));
        var destination = reserved(edge, PeerLanguage.GO);
        var source = processes.peer(PeerLanguage.GO);
        source.call("connect", "addr", edge.address());
        source.connectThrough(edge, destination);
        long began = System.nanoTime();

        edge.process().terminate();

        assertThat(edge.process().awaitExit(PeerProcess.PATIENCE)).isIn(STOPPED);
        assertThat(Patience.since(began)).isGreaterThan(Duration.ofSeconds(2));
        destination.awaitDisconnected(source.id(), PeerProcess.PATIENCE);
    }

    /// The clients come as fast as they can, which is less than ten seconds on a machine of their own.
    @Test
    @Clause("relay-nat-1")
    void aThousandClientsBehindOneAddressHaveTheirSlotsBackAfterARestart() {
        var edge = processes.edge(dataDir, Map.of());
        var address = edge.address();
        var clients =
                processes.load(
                        "comeback",
                        "--addr",
                        address,
                        "--count",
                        "1000",
                        "--seconds",
                        "240",
                        "--concurrency",
                        "32");
        awaitEvent(clients, "held");
        assertThat(edge.metric("chiral_relay_reservations")).isEqualTo(1_000);
        assertThat(edge.stop(Duration.ofSeconds(30))).isIn(STOPPED);

        var listen = address.substring(0, address.indexOf("/p2p/"));
        var again = processes.edge(dataDir, new HashMap<>(Map.of("CHIRAL_LISTEN", listen)));
        assertThat(again.address()).isEqualTo(address);
        awaitEvent(clients, "back");

        assertThat(again.metric("chiral_relay_reservations")).isEqualTo(1_000);
        assertThat(again.metric("chiral_relay_refusals_total")).isZero();
        clients.write("");
        assertThat(awaitEvent(clients, "done").get("refused").asInt()).isZero();
    }

    private static JsonNode awaitEvent(ChildProcess process, String name) {
        return process.await(
                ChildProcess.Source.OUT,
                line -> Optional.of(parse(line)).filter(e -> e.path("event").asText().equals(name)),
                name,
                LONG);
    }

    private static JsonNode parse(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
    }
}
