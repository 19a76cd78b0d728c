// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import network.chiral.edge.conformance.Clause;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Peers of three libraries meet through the node: every source with every destination.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RelayInteropIT {
    private static final int MIB = 1 << 20;

    @RegisterExtension static final Processes PROCESSES = new Processes();

    private final Map<PeerLanguage, PeerProcess> sources = new EnumMap<>(PeerLanguage.class);
    private final Map<PeerLanguage, PeerProcess> destinations = new EnumMap<>(PeerLanguage.class);
    private final EdgeProcess edge;

    RelayInteropIT(@TempDir Path dataDir) {
        edge = PROCESSES.edge(dataDir, Map.of());
    }

    @BeforeAll
    void nodeListens() {
        assertThat(edge.address()).isNotEmpty();
    }

    private PeerProcess source(PeerLanguage language) {
        return sources.computeIfAbsent(language, PROCESSES::peer);
    }

    private PeerProcess destination(PeerLanguage language) {
        return destinations.computeIfAbsent(
                language,
                _ -> {
                    var peer = PROCESSES.peer(language);
                    peer.call("connect", "addr", edge.address());
                    peer.call("reserve", "addr", edge.address());
                    return peer;
                });
    }

    @ParameterizedTest
    @EnumSource
    @Clause({"I2", "I3", "identify-1", "noise-1"})
    void tellsWhoItIs(PeerLanguage language) {
        var peer = source(language);
        peer.call("connect", "addr", edge.address());

        var identity = peer.call("identify", "peer", edge.peerId());

        assertThat(identity.get("protocolVersion").asText()).isEqualTo("/chiral/1.0.0");
        assertThat(identity.get("agent").asText()).startsWith("chiral/2.");
        assertThat(texts(identity.get("protocols")))
                .contains(
                        "/libp2p/circuit/relay/0.2.0/hop",
                        "/ipfs/id/1.0.0",
                        "/ipfs/id/push/1.0.0",
                        "/ipfs/ping/1.0.0");
        assertThat(texts(identity.get("listenAddrs")))
                .anyMatch(address -> edge.address().startsWith(address));
        assertThat(identity.get("observedAddr").asText()).startsWith("/ip4/127.0.0.1/tcp/");
    }

    @ParameterizedTest
    @EnumSource
    @Clause("P1")
    void answersPings(PeerLanguage language) {
        var peer = source(language);
        peer.call("connect", "addr", edge.address());

        var pings = peer.call("ping", "peer", edge.peerId(), "count", 3);

        assertThat(pings.get("rttMs")).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    @Clause({"R1", "R2", "R20", "relay-limit-told"})
    void givesAReservation(PeerLanguage language) {
        var peer = source(language);
        peer.call("connect", "addr", edge.address());

        var reservation = peer.call("reserve", "addr", edge.address());

        assertThat(reservation.get("expire").asLong() - Instant.now().getEpochSecond())
                .isBetween(3500L, 3605L);
        assertThat(texts(reservation.get("addrs")))
                .isNotEmpty()
                .allMatch(address -> address.endsWith("/p2p/" + edge.peerId()));
        assertThat(reservation.get("voucher").asBoolean()).isTrue();
        if (language == PeerLanguage.GO) { // the others do not look into it
            assertThat(reservation.get("voucherValid").asBoolean()).isTrue();
        }
        if (language != PeerLanguage.JS) { // its library drops the limits
            assertThat(reservation.get("limitDuration").asLong()).isEqualTo(1800);
            assertThat(reservation.get("limitData").asLong()).isEqualTo(134_217_728);
        }
    }

    static Stream<Object[]> pairs() {
        return PeerLanguage.pairs().map(List::toArray);
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    @Clause({"R14", "R15", "R13"})
    void carriesACircuit(PeerLanguage from, PeerLanguage to) {
        var destination = destination(to);
        var source = source(from);

        var circuit = source.connectThrough(edge, destination);

        assertThat(circuit.get("limited").asBoolean()).isTrue();
        source.call("echo", "peer", destination.id(), "bytes", MIB);
        destination.call("echo", "peer", source.id(), "bytes", MIB);
        source.call("sink", "peer", destination.id(), "bytes", MIB);
        source.call("disconnect", "peer", destination.id());
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    @Clause("R14")
    void carriesALargeFile(PeerLanguage from, PeerLanguage to) {
        var destination = destination(to);
        var source = source(from);
        source.connectThrough(edge, destination);

        source.call("sink", "peer", destination.id(), "bytes", 64 * MIB, "timeout_ms", 60_000);

        source.call("disconnect", "peer", destination.id());
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
    }
}
