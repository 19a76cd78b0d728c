// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import network.chiral.edge.node.cache.CacheLock;
import network.chiral.edge.node.configuration.TestConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The file of the tests is in the words of Chiral's client: two peers, the first of them better.
class CacheCommandsTest {
    private static final Path CHIRAL = Path.of("src/test/resources/peer_cache-chiral.json");
    private static final String ALICE = "12D3KooWPpHhpPEt4aTDTKCroU2UATztebnp5bjjBd9Hvu6gcGD4";
    private static final String BOB = "12D3KooWLRPJAA5o6uDbVVyMyNsMTJaiLWczsVPHDQnRmwRPEJGp";

    /// A day after the peers of the file were seen.
    private static final Instant NOW = Instant.ofEpochSecond(1_763_654_399);

    @TempDir Path dataDir;

    private final CommandLine line = new CommandLine();
    private CacheFiles files;
    private Path cache;

    @BeforeEach
    void setUp() {
        cache = dataDir.resolve("peer_cache.json");
        files = files(NOW);
    }

    private CacheFiles files(Instant now) {
        var settings = Map.of("chiral.data-dir", dataDir.toString());
        return new CacheFiles(
                replaced -> TestConfiguration.of(settings, replaced),
                Clock.fixed(now, ZoneOffset.UTC));
    }

    private String damaged() throws IOException {
        var text = Files.readString(CHIRAL);
        return text.substring(0, text.length() - 40); // in the middle of the second entry
    }

    private int verify() throws Exception {
        return line.run(new CacheVerifyCommand(files));
    }

    @Test
    void verifyTellsByItsExitCodeHowTheFileIs() throws Exception {
        assertThat(verify()).isEqualTo(1);
        Files.copy(CHIRAL, cache);
        assertThat(verify()).isEqualTo(0);
        Files.writeString(cache, damaged());
        assertThat(verify()).isEqualTo(3);
        Files.writeString(cache, "[");
        assertThat(verify()).isEqualTo(4);
        Files.delete(cache);
        Files.createDirectory(cache);
        assertThat(verify()).isEqualTo(4);
        assertThat(line.out().lines())
                .satisfiesExactly(
                        missing -> assertThat(missing).endsWith(": missing, 0 peers"),
                        sound -> assertThat(sound).endsWith(": sound, 2 peers"),
                        bad -> assertThat(bad).contains(": damaged: ").endsWith(", 1 peers"),
                        none -> assertThat(none).contains(": unreadable: "),
                        folder -> assertThat(folder).endsWith("unreadable: a folder, 0 peers"));
    }

    @Test
    void verifyAndShowLeaveADamagedFileAlone() throws Exception {
        Files.writeString(cache, damaged());

        verify();
        line.run(new CacheShowCommand(files));

        assertThat(cache).hasContent(damaged());
        try (var found = Files.list(dataDir)) {
            assertThat(found).containsExactly(cache);
        }
    }

    @Test
    void showPrintsTheBestFirst() throws Exception {
        Files.copy(CHIRAL, cache);

        assertThat(line.run(new CacheShowCommand(files))).isZero();

        var shown = line.out();
        assertThat(shown)
                .contains("2 peers, 0 stale, 1 relay-capable, avg reliability: 0.72")
                .contains("2025-11-19T15:59:59Z");
        assertThat(shown.indexOf(ALICE)).isPositive().isLessThan(shown.indexOf(BOB));
    }

    @Test
    void showPrintsJson() throws Exception {
        assertThat(line.run(new CacheShowCommand(files), "--json", "--file", CHIRAL.toString()))
                .isZero();

        var json = new ObjectMapper().readTree(line.out());
        assertThat(json.get("state").asText()).isEqualTo("sound");
        assertThat(json.get("peers").get(0))
                .isEqualTo(new ObjectMapper().readTree(CHIRAL.toFile()).get("peers").get(0));
    }

    @Test
    void repairKeepsTheDamagedFileBeside() throws Exception {
        Files.writeString(cache, damaged());

        assertThat(line.run(new CacheRepairCommand(files))).isZero();

        assertThat(verify()).isZero();
        assertThat(dataDir.resolve("peer_cache.json.corrupt-20251120T155959Z"))
                .hasContent(damaged());
        assertThat(Files.readString(cache)).contains(ALICE).doesNotContain(BOB);
    }

    @Test
    void repairFailsWhereThereIsNothingToKeep() throws Exception {
        Files.writeString(cache, "[");

        assertThatThrownBy(() -> line.run(new CacheRepairCommand(files)))
                .isInstanceOf(IOException.class)
                .hasMessage("no peer could be read, so there is no new file");

        assertThat(cache).doesNotExist();
        assertThat(dataDir.resolve("peer_cache.json.corrupt-20251120T155959Z")).hasContent("[");
    }

    @Test
    void repairLeavesASoundFileAlone() throws Exception {
        Files.copy(CHIRAL, cache);

        assertThat(line.run(new CacheRepairCommand(files))).isZero();

        assertThat(cache).hasSameBinaryContentAs(CHIRAL);
    }

    @Test
    void importTakesAFileOfChiralAndTwiceChangesNothing() throws Exception {
        assertThat(line.run(new CacheImportCommand(files), CHIRAL.toString())).isZero();
        var once = Files.readString(cache);
        files = files(NOW.plusSeconds(60));
        assertThat(line.run(new CacheImportCommand(files), CHIRAL.toString())).isZero();

        assertThat(line.out().lines())
                .satisfiesExactly(
                        first ->
                                assertThat(first)
                                        .startsWith("2 added, 0 updated, 0 left out, 2 peers in "),
                        second ->
                                assertThat(second)
                                        .startsWith("0 added, 0 updated, 0 left out, 2 peers in "));
        assertThat(cache).hasContent(once);
    }

    @Test
    void importTakesTheGoodPeersOfADamagedFileAndSaysSo() throws Exception {
        var other = dataDir.resolve("other.json");
        Files.writeString(other, damaged());

        assertThat(line.run(new CacheImportCommand(files), other.toString())).isZero();

        assertThat(line.err()).startsWith("warning: " + other + " is damaged: ");
        assertThat(line.out()).startsWith("1 added");
        assertThat(other).hasContent(damaged());
    }

    @Test
    void importDoesNotOverwriteADamagedFile() throws Exception {
        Files.writeString(cache, "[");

        assertThatThrownBy(() -> line.run(new CacheImportCommand(files), CHIRAL.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("see `chiral-edge cache repair`");

        assertThat(cache).hasContent("[");
    }

    @Test
    void importLeavesOutWhoIsStale() throws Exception {
        files = files(NOW.plusSeconds(8 * 86_400));

        assertThat(line.run(new CacheImportCommand(files), CHIRAL.toString())).isZero();

        assertThat(line.out()).startsWith("0 added, 0 updated, 2 left out, 0 peers");
        assertThat(cache).doesNotExist();
    }

    @Test
    void exportGivesBackChiralsBytes() throws Exception {
        files = files(Instant.ofEpochSecond(1_763_568_000)); // the last_updated of the file
        Files.copy(CHIRAL, cache);

        assertThat(line.run(new CacheExportCommand(files))).isZero();

        assertThat(line.out()).isEqualTo(Files.readString(CHIRAL));
    }

    @Test
    void exportReplacesNothingUnasked() throws Exception {
        Files.copy(CHIRAL, cache);
        var out = dataDir.resolve("out.json");
        Files.writeString(out, "mine");

        assertThatThrownBy(() -> line.run(new CacheExportCommand(files), out.toString()))
                .hasMessage(out + " is there already; --force replaces it");
        assertThat(out).hasContent("mine");

        assertThat(line.run(new CacheExportCommand(files), "--force", out.toString())).isZero();
        assertThat(Files.readString(out)).contains(ALICE);
    }

    @Test
    void writersRefuseWhileANodeOwnsTheFileUnlessTheyAreForced() throws Exception {
        try (var owned = ((CacheLock.Taken) CacheLock.tryTake(cache)).lock()) {
            assertThatThrownBy(() -> line.run(new CacheImportCommand(files), CHIRAL.toString()))
                    .hasMessageContaining("a running node owns " + cache);
            assertThat(cache).doesNotExist();

            assertThat(line.run(new CacheImportCommand(files), "--force", CHIRAL.toString()))
                    .isZero();
            assertThat(line.err()).isEqualTo("warning: a running node owns " + cache + "\n");
            assertThat(owned).isNotNull();
        }

        assertThat(line.run(new CacheImportCommand(files), CHIRAL.toString())).isZero();
    }
}
