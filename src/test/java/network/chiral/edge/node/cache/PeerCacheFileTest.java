// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import static network.chiral.edge.node.cache.Peers.ALICE;
import static network.chiral.edge.node.cache.Peers.BOB;
import static network.chiral.edge.node.cache.Peers.NOON;
import static network.chiral.edge.node.cache.Peers.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import network.chiral.edge.node.cache.ReplaceableFile.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class PeerCacheFileTest {
    /// Stands for the end of the process: nothing catches it, so nothing cleans up.
    private static final class PowerCut extends Error {}

    private static final List<CachedPeer> OLD = List.of(peer(ALICE, 0.5));
    private static final List<CachedPeer> NEW = List.of(peer(ALICE, 0.6), peer(BOB, 0.4));

    @TempDir Path folder;

    @Test
    void returnsWhatWasSaved() throws IOException {
        file().save(NEW, NOON);

        assertThat(file().load(NOON)).isEqualTo(new CacheLoad(NEW, new LoadOutcome.Loaded()));
    }

    @Test
    void returnsWhateverWasSaved() throws IOException {
        var unsynced = new PeerCacheFile(path(), CacheRules.DEFAULT, false);
        for (int seed = 0; seed < 50; seed++) {
            var peers = randomPeers(new Random(seed));

            unsynced.save(peers, NOON);

            assertThat(unsynced.load(NOON))
                    .as("seed %d", seed)
                    .extracting("peers")
                    .isEqualTo(peers);
        }
    }

    @Test
    void findsNothingBeforeTheFirstSave() {
        var load =
                new PeerCacheFile(folder.resolve("not/there"), CacheRules.DEFAULT, true).load(NOON);

        assertThat(load).isEqualTo(new CacheLoad(List.of(), new LoadOutcome.Missing()));
    }

    @Test
    void makesTheFoldersItNeeds() throws IOException {
        var path = folder.resolve("deep/er/peer_cache.json");

        new PeerCacheFile(path, CacheRules.DEFAULT, true).save(OLD, NOON);

        assertThat(path).isRegularFile();
    }

    @Test
    void isForItsOwnerOnlyAndAloneInItsFolder() throws IOException {
        file().save(OLD, NOON);
        file().save(NEW, NOON);

        assertThat(names()).containsExactly("peer_cache.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
    }

    @Test
    void isSavedByAThreadThatIsBeingStopped() throws IOException {
        Thread.currentThread().interrupt();

        file().save(NEW, NOON);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(file().load(NOON).peers()).isEqualTo(NEW);
    }

    @Test
    void isLoadedByAThreadThatIsBeingStopped() throws IOException {
        file().save(NEW, NOON);
        Thread.currentThread().interrupt();

        var load = file().load(NOON);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(load.outcome()).isEqualTo(new LoadOutcome.Loaded());
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SYNC_FOLDER")
    void staysAsItWasWhenAStepOfTheSaveFails(Step broken) throws IOException {
        file().save(OLD, NOON);
        var failing = fileThat(broken, () -> new IOException("No space left on device"));

        assertThatThrownBy(() -> failing.save(NEW, NOON))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write " + path() + ": No space left on device");

        assertThat(names()).containsExactly("peer_cache.json");
        assertThat(file().load(NOON).peers()).isEqualTo(OLD);
    }

    @Test
    void isSavedEvenIfTheFolderCannotBeSynced() throws IOException {
        fileThat(Step.SYNC_FOLDER, () -> new IOException("Invalid argument")).save(NEW, NOON);

        assertThat(file().load(NOON).peers()).isEqualTo(NEW);
    }

    @ParameterizedTest
    @EnumSource
    void isOldOrNewAfterAPowerCutAndLeavesNothingBehind(Step last) throws IOException {
        file().save(OLD, NOON);
        var dying = fileThat(last, PowerCut::new);

        assertThatThrownBy(() -> dying.save(NEW, NOON)).isInstanceOf(PowerCut.class);
        var load = file().load(NOON);

        assertThat(load.peers()).isEqualTo(last == Step.SYNC_FOLDER ? NEW : OLD);
        assertThat(load.outcome()).isEqualTo(new LoadOutcome.Loaded());
        assertThat(names()).containsExactly("peer_cache.json");
    }

    @Test
    void removesOnlyItsOwnLeftovers() throws IOException {
        Files.writeString(folder.resolve(".peer_cache.json.123.tmp"), "half");
        Files.writeString(folder.resolve("peer_cache.tmp"), "Chiral's");
        Files.writeString(folder.resolve(".other.json.123.tmp"), "somebody else's");
        Files.createDirectory(folder.resolve(".peer_cache.json.folder.tmp"));

        file().load(NOON);

        assertThat(names())
                .containsExactly(
                        ".other.json.123.tmp", ".peer_cache.json.folder.tmp", "peer_cache.tmp");
    }

    @Test
    void syncsOnlyIfItIsToldTo() throws IOException {
        var steps = new ArrayList<Step>();

        new PeerCacheFile(path(), CacheRules.DEFAULT, false, steps::add).save(OLD, NOON);

        assertThat(steps).doesNotContain(Step.SYNC, Step.SYNC_FOLDER).contains(Step.RENAME);
    }

    @Test
    void saysThatItsFolderIsAFile() throws IOException {
        var blocked = Files.writeString(folder.resolve("file"), "").resolve("peer_cache.json");
        var file = new PeerCacheFile(blocked, CacheRules.DEFAULT, true);

        assertThatThrownBy(() -> file.save(OLD, NOON))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "cannot write " + blocked + ": " + blocked.getParent() + " is in the way");
        assertThat(file.load(NOON).peers()).isEmpty();
    }

    private static List<CachedPeer> randomPeers(Random random) {
        var peers = new ArrayList<CachedPeer>();
        int count = random.nextInt(101);
        for (int i = 0; i < count; i++) {
            var id = Peers.id(i);
            var addresses =
                    Stream.generate(() -> Peers.address(random.nextInt(10_000)) + "/p2p/" + id)
                            .limit(random.nextInt(9))
                            .distinct()
                            .toList();
            peers.add(
                    new CachedPeer(
                            id,
                            addresses,
                            random.nextLong() >>> random.nextInt(1, 64),
                            random.nextLong() >>> random.nextInt(1, 64),
                            random.nextInt(1 << 30),
                            random.nextInt(1 << 30),
                            random.nextLong() >>> random.nextInt(1, 64),
                            random.nextInt(3_000),
                            random.nextBoolean(),
                            random.nextBoolean(),
                            random.nextDouble() * Math.pow(10, -random.nextInt(12))));
        }
        return peers;
    }

    private PeerCacheFile fileThat(Step step, Supplier<Throwable> fails) {
        return new PeerCacheFile(
                path(),
                CacheRules.DEFAULT,
                true,
                current -> {
                    if (current == step) {
                        switch (fails.get()) {
                            case IOException e -> throw e;
                            case Error e -> throw e;
                            case Throwable e -> throw new AssertionError(e);
                        }
                    }
                });
    }

    private PeerCacheFile file() {
        return new PeerCacheFile(path(), CacheRules.DEFAULT, true);
    }

    private Path path() {
        return folder.resolve("peer_cache.json");
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
