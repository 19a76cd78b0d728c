// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import network.chiral.edge.conformance.Clause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whom the relay serves: lists and tokens in files that change while it runs.
class RelayAccessIT {
    private static final String HOP = "/libp2p/circuit/relay/0.2.0/hop";
    private static final String AUTH = "/chiral/relay-auth/1.0.0";
    private static final int KIB = 1 << 10;

    @RegisterExtension final Processes processes = new Processes();

    @TempDir Path dataDir;

    private EdgeProcess edge(Map<String, String> settings) {
        var all = new java.util.HashMap<>(settings);
        all.put("CHIRAL_LISTS_RELOAD_INTERVAL", "1s");
        return processes.edge(dataDir, all);
    }

    private PeerProcess connected(EdgeProcess relay, PeerLanguage language) {
        var peer = processes.peer(language);
        peer.call("connect", "addr", relay.address());
        return peer;
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(dataDir.resolve(name), text);
    }

    private static List<String> protocols(EdgeProcess edge, PeerProcess peer) {
        var list = peer.call("identify", "peer", edge.peerId()).get("protocols");
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
    }

    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST", "JS"})
    @Clause({"R10", "relay-acl-1", "relay-acl-2"})
    void aPeerThatIsDeniedWhileItHoldsASlotLosesItAndGetsNone(PeerLanguage language)
            throws IOException {
        var deny = file("deny", "# nobody yet\n");
        var edge =
                edge(
                        Map.of(
                                "CHIRAL_LISTS_DENY_FILE",
                                deny.toString(),
                                "CHIRAL_LISTS_DENY_USES",
                                "reserve"));
        var peer = connected(edge, language);
        peer.call("reserve", "addr", edge.address());

        file("deny", peer.id() + "\n");

        Patience.until(
                PeerProcess.PATIENCE,
                () -> edge.metric("chiral_relay_reservations"),
                count -> count == 0);
        var refused = peer.refused("reserve", "addr", edge.address());
        if (language == PeerLanguage.GO) {
            assertThat(refused.get("status").asText()).isEqualTo("PERMISSION_DENIED");
        }
        assertThat(edge.get("/q/metrics").asString()).contains("reason=\"denied\"");
        peer.call("ping", "peer", edge.peerId());
    }

    @Test
    @Clause("R10")
    void aPeerThatIsDeniedItsConnectionIsGoneAndABadFileChangesNothing() throws IOException {
        var deny = file("deny", "");
        var edge = edge(Map.of("CHIRAL_LISTS_DENY_FILE", deny.toString()));
        var denied = connected(edge, PeerLanguage.GO);
        var other = connected(edge, PeerLanguage.GO);

        file("deny", denied.id() + "\n");
        denied.awaitDisconnected(edge.peerId(), PeerProcess.PATIENCE);
        file("deny", "what is this?\n");

        Patience.until(
                PeerProcess.PATIENCE,
                () -> edge.get("/q/metrics").asString(),
                text -> text.contains("chiral_file_good{key=\"chiral.lists.deny-file\"} 0"));
        denied.refused("reserve", "addr", edge.address());
        other.call("reserve", "addr", edge.address());
        assertThat(edge.stderr()).containsOnlyOnce("A file is bad");
    }

    @Test
    @Clause("relay-auth-5")
    void aTokenOpensTheRelayUntilItIsTakenOutOfTheFile() throws IOException {
        var tokens = file("tokens", "# rotation\nold token\nnew token\n");
        var edge = edge(Map.of("CHIRAL_RELAY_AUTH_TOKENS_FILE", tokens.toString()));
        var peer = connected(edge, PeerLanguage.GO);
        assertThat(protocols(edge, peer)).contains(AUTH, HOP);
        assertThat(peer.refused("reserve", "addr", edge.address()).get("status").asText())
                .isEqualTo("PERMISSION_DENIED");
        assertThat(show(edge, peer, "wrong token")).isFalse();

        assertThat(show(edge, peer, "old token")).isTrue();

        peer.call("reserve", "addr", edge.address());
        var source = connected(edge, PeerLanguage.RUST);
        source.connectThrough(edge, peer);
        source.call("echo", "peer", peer.id(), "bytes", 100 * KIB);
        file("tokens", "new token\n");
        Patience.until(
                PeerProcess.PATIENCE,
                () -> edge.metric("chiral_relay_reservations"),
                count -> count == 0);
        assertThat(show(edge, peer, "old token")).isFalse();
        peer.refused("reserve", "addr", edge.address());
    }

    private static boolean show(EdgeProcess edge, PeerProcess peer, String token) {
        var hex = HexFormat.of().formatHex(token.getBytes(StandardCharsets.UTF_8));
        return peer.call("relayAuth", "addr", edge.address(), "hex", hex)
                .get("granted")
                .asBoolean();
    }

    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST", "JS"})
    @Clause({"R18", "relay-auth-6"})
    void aNodeThatIsNoRelaySaysSoAndServesNone(PeerLanguage language) {
        var edge = edge(Map.of("CHIRAL_RELAY_ENABLED", "false"));
        var peer = connected(edge, language);

        assertThat(protocols(edge, peer)).doesNotContain(HOP, AUTH);

        peer.refused("reserve", "addr", edge.address(), "timeout_ms", 10_000);
    }

    @Test
    @Clause("R18")
    void aNodeThatDecidesItselfIsARelayWhereItIsToldWhatToAnnounce() {
        var edge =
                edge(
                        Map.of(
                                "CHIRAL_RELAY_ENABLED", "auto",
                                "CHIRAL_ANNOUNCE", "/ip4/127.0.0.1/tcp/4001"));
        var peer = connected(edge, PeerLanguage.GO);

        peer.call("reserve", "addr", edge.address());

        assertThat(edge.metric("libp2p_relaysvc_status")).isEqualTo(1);
    }

    /// 2 MiB at 256 KiB a second: a second's worth and what the windows hold go at once, the rest takes
    /// seconds, whoever sends.
    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST", "JS"})
    @Clause("relay-pace-1")
    void aCircuitGoesNoFasterThanItMay(PeerLanguage language) {
        var edge = edge(Map.of("CHIRAL_RELAY_BANDWIDTH_PER_CIRCUIT", "256K"));
        var destination = connected(edge, language);
        destination.call("reserve", "addr", edge.address());
        var source = connected(edge, PeerLanguage.GO);
        source.connectThrough(edge, destination);
        long began = System.nanoTime();

        source.call("sink", "peer", destination.id(), "bytes", 2 * KIB * KIB, "timeout_ms", 60_000);

        assertThat(Patience.since(began)).isGreaterThan(Duration.ofSeconds(2));
    }
}
