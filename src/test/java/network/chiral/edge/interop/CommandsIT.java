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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The commands of the packaged program, on the jar and on the executable.
class CommandsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension final Processes processes = new Processes();

    @TempDir Path folder;

    private Path dataDir;
    private Path cache;

    @BeforeEach
    void setUp() {
        dataDir = folder.resolve("data");
        cache = dataDir.resolve("peer_cache.json");
    }

    /// What a command said, and its exit code.
    private record Answer(int code, String out, String err) {}

    private Answer run(String... words) {
        return run(Map.of(), List.of(), words);
    }

    private Answer run(Map<String, String> settings, List<String> properties, String... words) {
        var command = new ArrayList<>(EdgeProcess.command());
        command.addAll(1, properties); // of the JVM, or right behind the executable
        command.addAll(List.of(words));
        var environment = new HashMap<>(Map.of("CHIRAL_DATA_DIR", dataDir.toString()));
        environment.putAll(settings);
        try (var process = new ChildProcess("command", command, environment)) {
            int code = process.awaitExit(PATIENCE);
            return new Answer(code, process.stdout(), process.stderr());
        }
    }

    private static JsonNode json(Answer answer) throws IOException {
        return new ObjectMapper().readTree(answer.out());
    }

    @Test
    void helpsAndTellsItsVersion() throws IOException {
        var help = run("--help");
        var version = run("version", "--json");

        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("check-config", "cache show", "identity new", "Exit codes");
        assertThat(version.code()).isZero();
        assertThat(json(version).get("version").asText()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(json(version).get("commit").asText()).matches("unknown|[0-9a-f]{12}");
        assertThat(json(version).get("runtime").asText())
                .startsWith("Java " + Runtime.version().feature())
                .satisfies(text ->
                        assertThat(text.contains("native executable"))
                                .isEqualTo(EdgeProcess.isNative()));
        assertThat(json(version).get("crypto").asText()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({
        "check-cofig,did you mean check-config?",
        "cache shwo,did you mean cache show?",
        "cache show --jsno,did you mean --json?",
        "ping x,usage: chiral-edge ping"
    })
    void saysWhatIsWrongWithACommandLine(String line, String sentence) {
        var answer = run(line.split(" "));

        assertThat(answer.code()).isEqualTo(2);
        assertThat(answer.err()).contains(sentence);
        assertThat(answer.out()).isBlank();
    }

    private static JsonNode value(Answer answer, String key) throws IOException {
        return StreamSupport.stream(json(answer).get("values").spliterator(), false)
                .filter(value -> value.get("key").asText().equals(key))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void tellsWhereEachValueOfAGoodConfigurationComesFrom() throws IOException {
        var file = folder.resolve("my.properties");
        Files.writeString(file, "# mine\nchiral.kad.mode=client\n");

        var answer =
                run(
                        Map.of(
                                "QUARKUS_CONFIG_LOCATIONS",
                                file.toString(),
                                "CHIRAL_CRYPTO",
                                "auto"),
                        List.of("-Dchiral.mdns.interval=30s"),
                        "check-config",
                        "--json");

        assertThat(answer.code()).as(answer.err()).isZero();
        assertThat(json(answer).get("ok").asBoolean()).isTrue();
        assertThat(value(answer, "chiral.kad.mode").get("origin").asText())
                .startsWith("file " + file);
        assertThat(value(answer, "chiral.crypto").get("origin").asText())
                .isEqualTo("env CHIRAL_CRYPTO");
        assertThat(value(answer, "chiral.mdns.interval").get("origin").asText())
                .isEqualTo("system property");
        assertThat(value(answer, "chiral.address-scope").get("origin").asText())
                .isEqualTo("default");
        assertThat(value(answer, "chiral.relay.reservations").get("value").asText())
                .isEqualTo("4096");
        assertThat(value(answer, "quarkus.management.port").get("value").asText())
                .isEqualTo("9000");
        assertThat(dataDir).doesNotExist();
    }

    @Test
    void tellsAllThatIsWrongWithABadOne() throws IOException {
        var settings =
                Map.of(
                        "CHIRAL_LISTEN", "nowhere",
                        "CHIRAL_RELAY_CIRCUT_BYTES", "1",
                        "CHIRAL_AUTONAT_SERVER", "maybe",
                        "CHIRAL_KAD_SAVE_INTERVAL", "never");

        var plain = run(settings, List.of(), "check-config");
        var answer = run(settings, List.of(), "check-config", "--json");

        assertThat(plain.code()).isEqualTo(1);
        assertThat(plain.err())
                .contains("did you mean CHIRAL_RELAY_CIRCUIT_BYTES?")
                .contains("error: chiral.listen is 'nowhere'")
                .contains("error: chiral.autonat.server is 'maybe'")
                .contains("error: chiral.kad.save-interval is 'never'");
        assertThat(answer.code()).isEqualTo(1);
        assertThat(json(answer).get("problems")).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({
        "CHIRAL_RELAY_CIRCUT_BYTES,1,did you mean CHIRAL_RELAY_CIRCUIT_BYTES?",
        "CHIRAL_AUTONAT_SERVER,maybe,chiral.autonat.server is 'maybe'"
    })
    void aNodeWithABadConfigurationDoesNotStart(String name, String value, String sentence) {
        var edge = processes.edge(dataDir, Map.of(name, value));

        assertThat(edge.awaitExit()).isEqualTo(1);
        assertThat(edge.stderr()).contains(sentence).doesNotContain("\tat ");
        assertThat(edge.process().stdout()).doesNotContain("listening");
        assertThat(dataDir).doesNotExist();
    }

    @Test
    void aNodeDoesNotStartWithAPropertyThatNobodyReads() {
        var answer =
                run(
                        Map.of("CHIRAL_LISTEN", "/ip4/127.0.0.1/tcp/0"),
                        List.of("-Dchiral.listn=/ip4/127.0.0.1/tcp/0"));

        assertThat(answer.code()).isEqualTo(1);
        assertThat(answer.err())
                .contains("chiral.listn (system property) is no key of this program")
                .contains("did you mean chiral.listen?");
    }

    private static String chirals(int peers) {
        var entries =
                Stream.generate(() ->
                                CachedEntry.at(
                                        CachedEntry.anyPeerId(), "/ip4/203.0.113.7/tcp/4001"))
                        .limit(peers);
        return CachedEntry.file(1, entries);
    }

    @Test
    void verifiesRepairsAndShowsACache() throws IOException {
        Files.createDirectories(dataDir);
        assertThat(run("cache", "verify").code()).isEqualTo(1);
        Files.writeString(cache, "[");
        assertThat(run("cache", "verify").code()).isEqualTo(4);
        var whole = chirals(3);
        Files.writeString(cache, whole.substring(0, whole.length() - 40));
        assertThat(run("cache", "verify").code()).isEqualTo(3);

        var repaired = run("cache", "repair");

        assertThat(repaired.code()).as(repaired.err()).isZero();
        assertThat(repaired.out()).contains("kept as " + cache + ".corrupt-");
        assertThat(run("cache", "verify").code()).isZero();
        var shown = run("cache", "show", "--json", "--file", cache.toString());
        assertThat(json(shown).get("peers")).hasSize(2);
        assertThat(run("cache", "show").out()).contains("2 peers, 0 stale");
    }

    @Test
    void importsAndExportsFilesOfChiral() throws IOException {
        var fixture = Path.of("src/test/resources/peer_cache-chiral.json").toAbsolutePath();
        var ours = folder.resolve("ours.json");
        Files.writeString(ours, chirals(2));

        var imported = run("cache", "import", ours.toString());
        var old = run("cache", "import", fixture.toString());
        var exported = run("cache", "export");
        var out = folder.resolve("out.json");

        assertThat(imported.code()).as(imported.err()).isZero();
        assertThat(imported.out()).startsWith("2 added");
        assertThat(old.out()).startsWith("0 added, 0 updated, 2 left out"); // of the year before
        assertThat(exported.code()).isZero();
        assertThat(json(exported).get("peers")).hasSize(2);
        assertThat(json(exported).get("peers").get(0).fieldNames())
                .toIterable()
                .containsExactlyElementsOf(CachedEntry.FIELDS);
        assertThat(run("cache", "export", out.toString()).code()).isZero();
        assertThat(run("cache", "export", out.toString()).code()).isEqualTo(1);
        assertThat(run("cache", "verify", "--file", out.toString()).code()).isZero();
    }

    @Test
    void doesNotWriteTheCacheOfARunningNode() throws IOException {
        var ours = folder.resolve("ours.json");
        Files.writeString(ours, chirals(2));
        var edge = processes.edge(dataDir, Map.of());
        edge.address();
        edge.get("/q/health/started").then().statusCode(200);

        var refused = run("cache", "import", ours.toString());
        var shown = run("cache", "verify");
        assertThat(edge.stop(Duration.ofSeconds(10))).isIn(0, 143);
        var taken = run("cache", "import", ours.toString());

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("a running node owns " + cache);
        assertThat(shown.code()).isEqualTo(1); // there is none yet
        assertThat(taken.code()).as(taken.err()).isZero();
    }

    /// Nobody has to remove a lock by hand after a crash.
    @Test
    void ownsNothingAfterAKill() throws IOException {
        var ours = folder.resolve("ours.json");
        Files.writeString(ours, chirals(1));
        var edge = processes.edge(dataDir, Map.of());
        edge.address();
        edge.get("/q/health/started").then().statusCode(200);

        edge.process().kill();
        edge.awaitExit();
        var answer = run("cache", "import", ours.toString());

        assertThat(answer.code()).as(answer.err()).isZero();
    }

    @Test
    void makesAnIdentityThatTheNodeTakes() throws IOException {
        var missing = run("identity", "show");
        var made = run("identity", "new", "--json");
        var again = run("identity", "new");
        var forced = run("identity", "new", "--force", "--json");
        var shown = run("identity", "show", "--json");
        var edge = processes.edge(dataDir, Map.of());

        assertThat(missing.code()).isEqualTo(1);
        assertThat(made.code()).as(made.err()).isZero();
        assertThat(again.code()).isEqualTo(1);
        assertThat(forced.code()).isZero();
        assertThat(json(forced).get("peerId")).isNotEqualTo(json(made).get("peerId"));
        assertThat(json(shown).get("peerId")).isEqualTo(json(forced).get("peerId"));
        assertThat(edge.peerId()).isEqualTo(json(shown).get("peerId").asText());
        var key = dataDir.resolve("identity.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        try (var files = Files.list(dataDir)) {
            assertThat(files.filter(file -> file.toString().contains(".replaced-"))).hasSize(1);
        }
    }

    @Test
    void pingsANode() throws IOException {
        var edge = processes.edge(dataDir, Map.of());

        var answer = run("ping", edge.address());

        assertThat(answer.code()).as(answer.err()).isZero();
        assertThat(json(answer).get("peer").asText()).isEqualTo(edge.peerId());
        assertThat(run("ping", "/ip4/127.0.0.1/tcp/1/p2p/" + edge.peerId()).code()).isEqualTo(1);
    }
}
