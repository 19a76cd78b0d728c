// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import network.chiral.edge.conformance.Clause;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the relay refuses, and what it bounds.
class RelayRulesIT {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    /// 300 ms where nothing else runs; here compilers and peers share two processors.
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private static final Duration SOON = Duration.ofSeconds(5);

    @RegisterExtension static final Processes SHARED = new Processes();

    @RegisterExtension final Processes processes = new Processes();

    @TempDir static Path sharedDir;

    @TempDir Path dataDir;

    /// A node as it is configured by default.
    private static EdgeProcess edge;

    @BeforeAll
    static void startEdge() {
        edge = SHARED.edge(sharedDir, Map.of());
        assertThat(edge.address()).isNotEmpty();
    }

    private PeerProcess connected(EdgeProcess relay, PeerLanguage language) {
        var peer = processes.peer(language);
        peer.call("connect", "addr", relay.address());
        return peer;
    }

    private PeerProcess reserved(EdgeProcess relay, PeerLanguage language) {
        var peer = connected(relay, language);
        peer.call("reserve", "addr", relay.address());
        return peer;
    }

    // --- answers

    static Stream<Object[]> badRequests() {
        return Stream.of(
                new Object[] {
                    "CONNECT to a stranger", HopBytes.connect(CachedEntry.anyPeerId()), 204
                },
                new Object[] {"undecodable bytes", HopBytes.malformed(), 400},
                new Object[] {"a STATUS", HopBytes.status(), 401},
                new Object[] {"CONNECT without a peer", "020801", 400},
                new Object[] {"CONNECT to a bad peer id", "09080112050a03aabbcc", 400},
                new Object[] {"5000 bytes", HopBytes.ofLength(5000), 400});
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("badRequests")
    @Clause({"R7", "R11", "relay-status-1"})
    void answersABadRequestWithItsStatus(String name, String bytes, int status) {
        var peer = connected(edge, PeerLanguage.GO);

        var reply = peer.call("rawHop", "addr", edge.address(), "hex", bytes);

        assertThat(reply.get("outcome").asText()).as("%s", reply).isEqualTo("reply");
        assertThat(reply.get("replyHex").asText()).endsWith(HopBytes.statusField(status));
    }

    // --- reservations

    @Test
    @Clause({"R6"})
    void aDestinationThatLeftIsRefused() {
        var destination = reserved(edge, PeerLanguage.GO);
        var source = connected(edge, PeerLanguage.GO);

        destination.process().kill();

        Patience.until(
                Duration.ofSeconds(3),
                () ->
                        source.send("connect", "addr", PeerProcess.circuit(edge, destination))
                                .await(),
                result -> result.path("status").asText().equals("NO_RESERVATION"));
    }

    @Test
    @Clause({"R3", "R6", "R9"})
    void theOnlySlotIsRenewedAndFreeOnceItsHolderLeft() {
        var small = processes.edge(dataDir, Map.of("CHIRAL_RELAY_RESERVATIONS", "1"));
        var holder = reserved(small, PeerLanguage.GO);
        var next = connected(small, PeerLanguage.GO);
        var refusal = next.refused("reserve", "addr", small.address());
        assertThat(refusal.get("status").asText()).isEqualTo("RESERVATION_REFUSED");
        holder.call("reserve", "addr", small.address());

        holder.process().kill();

        Patience.until(
                AT_ONCE,
                () -> next.send("reserve", "addr", small.address()).await(),
                result -> result.get("ok").asBoolean());
    }

    @Test
    void thirtyPeersBehindOneAddressGetASlotByDefault() {
        var load =
                processes.load("hold", "--addr", edge.address(), "--count", "30", "--seconds", "1");

        assertThat(load.awaitExit(PeerProcess.PATIENCE)).isZero();
    }

    @Test
    void aHundredPeersBehindOneAddressGetASlotWithoutThatLimit() {
        var open = processes.edge(dataDir, Map.of("CHIRAL_RELAY_RESERVATIONS_PER_IP", "0"));

        var load =
                processes.load(
                        "hold", "--addr", open.address(), "--count", "100", "--seconds", "1");

        assertThat(load.awaitExit(PeerProcess.PATIENCE)).isZero();
        assertThat(open.metric("libp2p_relaysvc_reservations_total")).isGreaterThanOrEqualTo(100);
    }

    // --- circuits

    /// A rust-libp2p client drops STOP requests beyond ten at a time.
    @Test
    void thirtyCircuitsAtOnceReachARustDestination() {
        var open = processes.edge(dataDir, Map.of("CHIRAL_RELAY_CIRCUITS_PER_PEER", "0"));
        var destination = reserved(open, PeerLanguage.RUST);
        var source = connected(open, PeerLanguage.GO);
        var connect = HopBytes.connect(destination.id());

        var requests =
                IntStream.range(0, 30)
                        .mapToObj(_ ->
                                source.send(
                                        "rawHop",
                                        "addr",
                                        open.address(),
                                        "hex",
                                        connect,
                                        "keep",
                                        true))
                        .toList();

        assertThat(requests)
                .allSatisfy(request ->
                        assertThat(request.get().path("replyHex").asText())
                                .endsWith(HopBytes.statusField(100)));
    }

    @Clause({"R15"})
    @Test
    void aSourceThatDiesIsGoneForItsDestination() {
        var destination = reserved(edge, PeerLanguage.GO);
        var source = connected(edge, PeerLanguage.GO);
        source.connectThrough(edge, destination);
        source.call("hold", "peer", destination.id());

        source.process().kill();

        destination.awaitDisconnected(source.id(), Duration.ofSeconds(2));
    }

    @Test
    @Clause({"R16", "relay-limit-1"})
    void aCircuitEndsWithItsBytesAndNothingElseDoes() {
        var frugal = processes.edge(dataDir, Map.of("CHIRAL_RELAY_CIRCUIT_BYTES", "128K"));
        var destination = reserved(frugal, PeerLanguage.GO);
        var source = connected(frugal, PeerLanguage.GO);
        source.connectThrough(frugal, destination);

        source.refused("sink", "peer", destination.id(), "bytes", MIB);

        source.awaitDisconnected(destination.id(), SOON);
        destination.awaitDisconnected(source.id(), SOON);
        source.call("ping", "peer", frugal.peerId());
        destination.call("ping", "peer", frugal.peerId());
        source.connectThrough(frugal, destination);
        source.call("echo", "peer", destination.id(), "bytes", 16 * KIB);
    }

    @Test
    @Clause({"R16", "relay-limit-1"})
    void aCircuitEndsWithItsTimeAndNothingElseDoes() {
        var hasty = processes.edge(dataDir, Map.of("CHIRAL_RELAY_CIRCUIT_DURATION", "2s"));
        var destination = reserved(hasty, PeerLanguage.GO);
        var source = connected(hasty, PeerLanguage.GO);
        long began = System.nanoTime();
        source.connectThrough(hasty, destination);

        source.awaitDisconnected(destination.id(), SOON);

        assertThat(Patience.since(began)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(5));
        destination.awaitDisconnected(source.id(), SOON);
        destination.call("ping", "peer", hasty.peerId());
        source.connectThrough(hasty, destination);
    }

    /// Sixteen streams, because one alone is stopped by its own window inside of the circuit. The
    /// destination's process stands still, so that nobody but the relay can hold the source back; that
    /// a stream cannot even be opened then (the answer is not ok) is as good.
    @Test
    @Clause({"R17"})
    void aStalledDestinationHoldsItsSourceBackAndNobodyElse() {
        var stalled = reserved(edge, PeerLanguage.GO);
        var other = reserved(edge, PeerLanguage.GO);
        var source = connected(edge, PeerLanguage.GO);
        source.connectThrough(edge, stalled);
        source.call("echo", "peer", stalled.id(), "bytes", KIB);
        stalled.process().signal("STOP");

        var stalls =
                IntStream.range(0, 16)
                        .mapToObj(_ -> source.send("stall", "peer", stalled.id(), "bytes", 4 * MIB))
                        .toList();
        source.connectThrough(edge, other);
        source.call("echo", "peer", other.id(), "bytes", MIB);

        long accepted =
                stalls.stream().mapToLong(stall -> stall.await().path("accepted").asLong()).sum();
        assertThat(accepted).isBetween(64L * KIB, 2L * MIB);
    }
}
