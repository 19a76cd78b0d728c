// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How the node stops, what it leaves behind, and how it comes back.
class LifecycleIT {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    /// 143 is how a shell tells of SIGTERM; a JVM ends like that.
    private static final List<Integer> STOPPED = List.of(0, 143);

    @RegisterExtension final Processes processes = new Processes();

    @TempDir Path dataDir;

    private EdgeProcess edge(Map<String, String> settings) {
        return processes.edge(dataDir, settings);
    }

    private PeerProcess listening(PeerLanguage language) {
        return processes.peer(language, "--listen", "/ip4/127.0.0.1/tcp/0");
    }

    /// A finished transfer, after which both are worth a line in the cache.
    private static void transfer(EdgeProcess edge, PeerProcess source, PeerProcess destination) {
        destination.call("connect", "addr", edge.address());
        destination.call("reserve", "addr", edge.address());
        source.call("connect", "addr", edge.address());
        source.connectThrough(edge, destination);
        source.call("sink", "peer", destination.id(), "bytes", 100_000);
        source.call("disconnect", "peer", destination.id());
        Patience.until(
                STOP_PATIENCE, () -> edge.metric("chiral_relay_circuits"), count -> count == 0);
    }

    // --- warm restart

    @Test
    void comesBackWarm() throws IOException {
        var first = listening(PeerLanguage.GO);
        var second = listening(PeerLanguage.RUST);
        var edge = edge(Map.of());
        var identity = edge.peerId();
        transfer(edge, first, second);

        assertThat(edge.stop(STOP_PATIENCE)).isIn(STOPPED);

        assertThat(Files.readString(edge.cacheFile())).isEqualTo(inChiralsSpelling(edge));
        assertThat(cachedIds(edge)).containsExactlyInAnyOrder(first.id(), second.id());

        var again = edge(Map.of());
        assertThat(again.peerId()).isEqualTo(identity);
        awaitState(again, "warm", Duration.ofSeconds(5));
        assertThat(again.warmth("dialled")).isEqualTo(2);
        assertThat(again.warmth("connected")).isEqualTo(2);
        again.get("/q/health/ready").then().statusCode(200);
    }

    /// The file with the values found in it, spelled anew.
    private static String inChiralsSpelling(EdgeProcess edge) throws IOException {
        var file = new ObjectMapper().readTree(edge.cacheFile().toFile());
        assertThat(file.fieldNames())
                .toIterable()
                .containsExactly("version", "last_updated", "peers");
        var text = new StringBuilder("{\n  \"version\": 1,\n  \"last_updated\": ");
        text.append(file.get("last_updated").asLong()).append(",\n  \"peers\": [");
        var separator = "\n    {\n";
        for (var peer : file.get("peers")) {
            assertThat(peer.fieldNames())
                    .toIterable()
                    .containsExactlyElementsOf(CachedEntry.FIELDS);
            text.append(separator).append(entryInChiralsSpelling(peer)).append("\n    }");
            separator = ",\n    {\n";
        }
        return text.append("\n  ]\n}").toString();
    }

    private static String entryInChiralsSpelling(JsonNode peer) {
        return String.join(
                ",\n",
                CachedEntry.FIELDS.stream()
                        .map(field ->
                                "      \"%s\": %s"
                                        .formatted(
                                                field,
                                                field.equals("addresses")
                                                        ? list(peer.get(field))
                                                        : peer.get(field)))
                        .toList());
    }

    private static String list(JsonNode texts) {
        var lines = new StringBuilder("[");
        for (var text : texts) {
            lines.append(lines.length() == 1 ? "\n" : ",\n").append("        ").append(text);
        }
        return lines.append(texts.isEmpty() ? "]" : "\n      ]").toString();
    }

    private static List<String> cachedIds(EdgeProcess edge) throws IOException {
        return new ObjectMapper()
                .readTree(edge.cacheFile().toFile())
                .get("peers")
                .findValuesAsText("peer_id");
    }

    private static void awaitState(EdgeProcess edge, String state, Duration patience) {
        edge.address(); // the time counts from the listening line
        Patience.until(patience, () -> edge.warmth("state"), state::equals);
    }

    @Test
    void tellsTheHitRateWhereAPeerIsGone() {
        var here = listening(PeerLanguage.GO);
        var gone = listening(PeerLanguage.GO);
        gone.process().close();
        CachedEntry.write(
                dataDir.resolve("peer_cache.json"),
                Stream.of(here, gone).map(peer -> CachedEntry.at(peer.id(), peer.address())));

        var edge = edge(Map.of());

        awaitState(edge, "warm", Duration.ofSeconds(6));
        assertThat(edge.warmth("known")).isEqualTo(2);
        assertThat(edge.warmth("dialled")).isEqualTo(2);
        assertThat(edge.warmth("connected")).isEqualTo(1);
        assertThat(edge.warmth("hitRate")).isEqualTo("0.5");
    }

    @Test
    void givesSilentPeersFiveSecondsAndAllOfThemAtOnce() throws IOException {
        try (var silent = new SilentPeers(100)) {
            CachedEntry.write(dataDir.resolve("peer_cache.json"), silent.entries());
            var edge = edge(Map.of());
            edge.address();
            Patience.until(STOP_PATIENCE, silent::accepted, count -> count > 0);
            long began = System.nanoTime();

            awaitState(edge, "cold", Duration.ofSeconds(8));

            assertThat(Patience.since(began))
                    .isBetween(Duration.ofMillis(4_500), Duration.ofMillis(6_500));
            assertThat(edge.warmth("dialled")).isEqualTo(100);
            assertThat(edge.warmth("connected")).isEqualTo(0);
            assertThat(silent.accepted()).isEqualTo(100);
            Patience.until(Duration.ofSeconds(1), silent::ended, count -> count == 100);
            assertThat(edge.stop(STOP_PATIENCE)).isIn(STOPPED);

            var again = edge(Map.of());
            again.address();
            Patience.until(STOP_PATIENCE, silent::accepted, count -> count == 200);
            assertThat(again.warmth("state")).isEqualTo("warming");
            again.get("/q/health/ready").then().statusCode(503);

            assertThat(again.stop(STOP_PATIENCE)).isIn(STOPPED);
            Patience.until(Duration.ofSeconds(1), silent::ended, count -> count == 200);
        }
    }

    // --- the end

    @Test
    void stopsUnderLoadAndSaves() throws IOException {
        var source = listening(PeerLanguage.GO);
        var destination = listening(PeerLanguage.GO);
        var edge = edge(Map.of("CHIRAL_RELAY_PRESET", "unlimited"));
        transfer(edge, source, destination);
        source.connectThrough(edge, destination);
        var flood = source.send("echo", "peer", destination.id(), "bytes", 2_000_000_000);
        source.call("echo", "peer", destination.id(), "bytes", 100_000);

        int code = edge.stop(STOP_PATIENCE);

        assertThat(code).isIn(STOPPED);
        assertThat(flood.await().get("ok").asBoolean()).isFalse();
        assertThat(cachedIds(edge)).containsExactlyInAnyOrder(source.id(), destination.id());
    }

    // --- identity

    @Test
    void keepsItsKeyToItself() throws IOException {
        var edge = edge(Map.of());
        edge.address();

        var key = dataDir.resolve("identity.key");

        assertThat(Files.size(key)).isEqualTo(68);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
    }

    @Test
    void doesNotStartWithADamagedKey() throws IOException {
        var key = dataDir.resolve("identity.key");
        Files.write(key, new byte[68]);

        var edge = edge(Map.of());

        assertThat(edge.awaitExit()).isEqualTo(1);
        assertThat(edge.stderr()).contains("The key file " + key + " holds no Ed25519 private key");
        assertThat(Files.readAllBytes(key)).containsOnly(0).hasSize(68);
    }

    @Test
    void derivesItsKeyFromASecretAsChiralDoes() throws IOException {
        var edge = edge(secret("test-secret-1\n"));

        assertThat(edge.peerId()).isEqualTo("12D3KooWPpHhpPEt4aTDTKCroU2UATztebnp5bjjBd9Hvu6gcGD4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "chiral-relay-server-default\n"})
    void doesNotStartWithASecretThatIsNone(String text) throws IOException {
        var edge = edge(secret(text));

        assertThat(edge.awaitExit()).isEqualTo(1);
        assertThat(edge.stderr())
                .contains("chiral.identity.secret-file is '" + dataDir.resolve("secret"))
                .doesNotContain("listening");
    }

    private Map<String, String> secret(String text) throws IOException {
        var file = dataDir.resolve("secret");
        Files.writeString(file, text);
        return Map.of("CHIRAL_IDENTITY_SECRET_FILE", file.toString());
    }
}
