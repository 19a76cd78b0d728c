// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.kad;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.kad.KadContents;
import network.chiral.edge.libp2p.protocol.kad.KadRecord;
import network.chiral.edge.libp2p.protocol.kad.StoredProvider;
import network.chiral.edge.libp2p.protocol.kad.StoredRecord;
import network.chiral.edge.libp2p.testing.TestKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KadFileTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(3_600);
    private static final PeerId PUBLISHER = TestKeys.peer("publisher");
    private static final PeerId OWNER = TestKeys.peer("owner");
    private static final String DHT = "/chiral/kad/1.0.0";

    @TempDir Path folder;

    private Path path;
    private KadFile file;

    @BeforeEach
    void inTheFolder() {
        path = folder.resolve("kad_records.bin");
        file = new KadFile(path, false);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static StoredRecord record(String key, Instant expires) {
        return new StoredRecord(
                new KadRecord(text(key), text("value of " + key), Optional.of(PUBLISHER), 0, ""),
                OWNER,
                NOON,
                expires);
    }

    private static KadContents contents(int records) {
        var all = new ArrayList<StoredRecord>();
        for (int i = 0; i < records; i++) {
            all.add(record("key" + i, LATER));
        }
        var provider =
                new StoredProvider(
                        text("file"),
                        TestKeys.peer("provider"),
                        List.of(Multiaddr.parse("/ip4/8.8.8.8/tcp/4001")),
                        LATER);
        return new KadContents(all, List.of(provider));
    }

    private List<Path> setAside() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().contains(".corrupt-")).toList();
        }
    }

    @Test
    @Clause("kad-restart")
    void holdsWhatWasSaved() throws Exception {
        var saved = contents(20);
        file.save(Map.of(DHT, saved));

        var found = file.load(NOON);

        assertThat(found.damage()).isEmpty();
        assertThat(found.contents().get(DHT)).usingRecursiveComparison().isEqualTo(saved);
        assertThat(setAside()).isEmpty();
    }

    @Test
    void holdsFarMoreThanRustsStore() throws Exception {
        file.save(Map.of(DHT, contents(5_000)));

        var found = file.load(NOON);

        assertThat(found.damage()).isEmpty();
        assertThat(found.contents().get(DHT).records()).hasSize(5_000);
    }

    @Test
    void whatHasExpiredIsNotReadAgain() throws Exception {
        var records = List.of(record("old", NOON.plusSeconds(1)), record("new", LATER));
        file.save(Map.of(DHT, new KadContents(records, List.of())));

        var found = file.load(NOON.plusSeconds(1));

        assertThat(found.contents().get(DHT).records())
                .extracting(stored -> new String(stored.record().key(), StandardCharsets.UTF_8))
                .containsExactly("new");
    }

    @Test
    void noFileIsNoDamage() {
        var found = file.load(NOON);

        assertThat(found.contents()).isEmpty();
        assertThat(found.damage()).isEmpty();
    }

    @Test
    void aFileThatEndsEarlyIsSetAsideAndItsGoodEntriesAreUsed() throws Exception {
        file.save(Map.of(DHT, contents(100)));
        var bytes = Files.readAllBytes(path);
        Files.write(path, java.util.Arrays.copyOf(bytes, bytes.length / 2));

        var found = file.load(NOON);

        assertThat(found.damage()).isPresent();
        assertThat(found.contents().get(DHT).records()).hasSizeBetween(40, 60);
        assertThat(setAside()).containsExactly(found.aside().orElseThrow());
        assertThat(path).doesNotExist();
    }

    @Test
    void aChangedBitIsNoticed() throws Exception {
        file.save(Map.of(DHT, contents(100)));
        var bytes = Files.readAllBytes(path);
        bytes[bytes.length / 2] ^= 1;
        Files.write(path, bytes);

        var found = file.load(NOON);

        assertThat(found.damage().orElseThrow()).contains("damaged");
        assertThat(found.contents().get(DHT).records()).hasSizeLessThan(100);
    }

    @Test
    void anythingElseIsSetAsideWithoutAnException() throws Exception {
        var random = new Random(9);
        for (int round = 0; round < 200; round++) {
            var bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (round % 2 == 0) {
                System.arraycopy(text("CHIRKAD\1"), 0, bytes, 0, Math.min(8, bytes.length));
            }
            Files.write(path, bytes);

            assertThat(file.load(NOON).damage()).isPresent();
        }
    }

    @Test
    void aFolderInItsPlaceIsSetAside() throws Exception {
        Files.createDirectory(path);

        var found = file.load(NOON);
        file.save(Map.of(DHT, contents(1)));

        assertThat(found.damage()).contains("not a file");
        assertThat(file.load(NOON).contents().get(DHT).records()).hasSize(1);
    }
}
