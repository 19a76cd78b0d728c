// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// jvm-libp2p meets the node, and peers of the other libraries through it.
///
/// Off by default, because no common registry has the library: `-Pjvm-peer` turns it on.
@EnabledIfSystemProperty(named = "interop.jvm", matches = "true")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JvmInteropIT {
    private static final Path PEERS = Path.of("src/test/peers").toAbsolutePath();
    private static final Path PROGRAM = PEERS.resolve("jvm/target/peer.jar");
    private static final Duration BUILD = Duration.ofMinutes(10);

    /// The library leaves its limit for STOP messages, 2 KiB, on the circuit that follows; what the
    /// handshakes leave of it is enough for this.
    private static final int BYTES = 100;

    @RegisterExtension static final Processes PROCESSES = new Processes();

    private final EdgeProcess edge;

    JvmInteropIT(@TempDir Path dataDir) {
        edge = PROCESSES.edge(dataDir, Map.of());
    }

    @BeforeAll
    void buildsThePeer() throws IOException {
        if (!Files.exists(PROGRAM)) {
            var command = List.of(PEERS.resolve("build.sh").toString(), "jvm");
            try (var build = new ChildProcess("build.sh jvm", command, Map.of())) {
                assertThat(build.awaitExit(BUILD)).as(build.log()).isZero();
            }
        }
    }

    private PeerProcess jvm(String... flags) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return PROCESSES.peer(
                "jvm", "jvm-libp2p", List.of(java, "-jar", PROGRAM.toString()), flags);
    }

    private PeerProcess reserved() {
        var peer = jvm();
        peer.call("connect", "addr", edge.address());
        peer.call("reserve", "addr", edge.address());
        return peer;
    }

    @Test
    void pingsTheNodeAndLearnsWhoItIs() {
        var peer = jvm();
        peer.call("connect", "addr", edge.address());

        var pings = peer.call("ping", "peer", edge.peerId(), "count", 3);
        var identity = peer.call("identify", "peer", edge.peerId());

        assertThat(pings.get("rttMs")).hasSize(3);
        assertThat(identity.get("protocolVersion").asText()).isEqualTo("/chiral/1.0.0");
        assertThat(identity.get("observedAddr").asText()).startsWith("/ip4/127.0.0.1/tcp/");
    }

    @Test
    void isGivenAReservationWithTheLimitsInTheRightUnits() {
        var peer = jvm();
        peer.call("connect", "addr", edge.address());

        var reservation = peer.call("reserve", "addr", edge.address());

        assertThat(reservation.get("expire").asLong() - Instant.now().getEpochSecond())
                .isBetween(3500L, 3605L);
        assertThat(reservation.get("voucher").asBoolean()).isTrue();
        assertThat(reservation.get("limitDuration").asLong()).isEqualTo(1800);
        assertThat(reservation.get("limitData").asLong()).isEqualTo(134_217_728);
    }

    @ParameterizedTest
    @EnumSource
    void isReachedThroughTheNode(PeerLanguage from) {
        var destination = reserved();
        var source = PROCESSES.peer(from);

        source.connectThrough(edge, destination);

        source.call("ping", "peer", destination.id(), "count", 3);
        source.call("echo", "peer", destination.id(), "bytes", BYTES);
    }

    @ParameterizedTest
    @EnumSource
    void reachesOthersThroughTheNode(PeerLanguage to) {
        var destination = PROCESSES.peer(to);
        destination.call("connect", "addr", edge.address());
        destination.call("reserve", "addr", edge.address());
        var source = jvm();
        source.call("connect", "addr", edge.address());

        source.call("connect", "addr", PeerProcess.circuit(edge, destination));

        source.call("ping", "peer", destination.id(), "count", 3);
        source.call("echo", "peer", destination.id(), "bytes", BYTES);
    }

    @Test
    void reachesAnotherOfItsKindThroughTheNode() {
        var destination = reserved();
        var source = jvm();
        source.call("connect", "addr", edge.address());

        source.call("connect", "addr", PeerProcess.circuit(edge, destination));

        source.call("ping", "peer", destination.id(), "count", 3);
    }
}
