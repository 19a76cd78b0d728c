// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import static network.chiral.edge.node.cache.Peers.ALICE;
import static network.chiral.edge.node.cache.Peers.BOB;
import static network.chiral.edge.node.cache.Peers.CAROL;
import static network.chiral.edge.node.cache.Peers.NOON;
import static network.chiral.edge.node.cache.Peers.document;
import static network.chiral.edge.node.cache.Peers.entry;
import static network.chiral.edge.node.cache.Peers.peer;
import static network.chiral.edge.node.cache.Peers.relay;
import static network.chiral.edge.node.cache.Peers.seen;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerCacheTest {
    /// Remembers what was logged, as `LEVEL sentence`.
    private static final class Ear extends Handler {
        private final List<String> heard = new ArrayList<>();

        @Override
        public synchronized void publish(LogRecord said) {
            var values = said.getParameters();
            var sentence = values == null ? said.getMessage() : said.getMessage().formatted(values);
            heard.add(said.getLevel() + " " + sentence);
        }

        synchronized List<String> at(Level level) {
            return heard.stream()
                    .filter(line -> line.startsWith(level.getName()))
                    .map(line -> line.substring(level.getName().length() + 1))
                    .toList();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private final Logger logger = Logger.getLogger(PeerCache.class.getName());
    private final Ear ear = new Ear();
    private final PeerHistory history = new PeerHistory(CacheRules.DEFAULT, 1_000);

    @TempDir Path folder;

    @BeforeEach
    void listen() {
        logger.addHandler(ear);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(ear);
    }

    @Test
    void logsALoadInTheSentencesPeopleSearchFor() throws IOException {
        var stale = seen(peer(CAROL, 0.6), NOON.getEpochSecond() - 604_801);
        file().save(List.of(relay(peer(ALICE, 0.9)), peer(BOB, 0.75), stale), NOON);

        cache().load(NOON);

        assertThat(ear.at(Level.INFO))
                .containsExactly(
                        "Loading peer cache...",
                        "Loaded cache: 3 peers, 1 relay-capable, avg reliability: 0.75",
                        "After filtering: 2 valid peers, 1 relay-capable, avg reliability: 0.83",
                        "Peer cache statistics: total_peers=2 relay_capable_peers=1"
                                + " bootstrap_peers=0 average_reliability=0.83 total_transfers=2"
                                + " total_bytes_transferred=2000");
    }

    @Test
    void logsASaveInTheSentencesPeopleSearchFor() {
        var cache = cache();
        cache.load(NOON);
        history.onTransfer(ALICE, 5, true, NOON);
        ear.heard.clear();

        var outcome = cache.save(NOON);

        assertThat(outcome).isEqualTo(new SaveOutcome.Saved(NOON, 1));
        assertThat(cache.lastSave()).contains(outcome);
        assertThat(ear.at(Level.INFO))
                .containsExactly(
                        "Saving peer cache...",
                        "Successfully saved 1 peers to cache at " + path(),
                        "Peer cache statistics: total_peers=1 relay_capable_peers=0"
                                + " bootstrap_peers=0 average_reliability=0.70 total_transfers=1"
                                + " total_bytes_transferred=5");
    }

    @Test
    void answersTheValidPeersInTheOrderInWhichToDialThem() throws IOException {
        var stale = seen(peer(CAROL, 0.99), NOON.getEpochSecond() - 604_801);
        var relay = relay(peer(BOB, 0.2));
        file().save(List.of(peer(ALICE, 0.9), stale, relay), NOON);

        var load = cache().load(NOON);

        assertThat(load)
                .isEqualTo(
                        new CacheLoad(List.of(relay, peer(ALICE, 0.9)), new LoadOutcome.Loaded()));
    }

    @Test
    void doesNotLoseAPeerThatThisRunNeverMet() throws IOException {
        file().save(List.of(peer(ALICE, 0.9)), NOON);
        var cache = cache();
        cache.load(NOON);
        history.onTransfer(BOB, 1, true, NOON);

        cache.save(NOON);

        assertThat(file().load(NOON).peers())
                .extracting(CachedPeer::peerId)
                .containsExactly(ALICE, BOB);
    }

    @Test
    void loadsBeforeItsFirstSave() throws IOException {
        file().save(List.of(peer(ALICE, 0.9)), NOON);
        history.onTransfer(BOB, 1, true, NOON);

        cache().save(NOON);

        assertThat(file().load(NOON).peers()).hasSize(2);
    }

    @Test
    void countsTheFileOnceHoweverOftenItIsLoaded() throws IOException {
        file().save(List.of(peer(ALICE, 0.9)), NOON);
        var cache = cache();

        var first = cache.load(NOON);
        var second = cache.load(NOON);

        assertThat(second).isSameAs(first);
        assertThat(history.snapshot(NOON)).containsExactly(peer(ALICE, 0.9));
    }

    @Test
    void leavesTheOldFileAloneWhenThereIsNothingToSave() throws IOException {
        var stale = seen(peer(ALICE, 0.9), NOON.getEpochSecond() - 604_801);
        file().save(List.of(stale), NOON);
        var before = Files.readString(path());

        var outcome = cache().save(NOON);

        assertThat(outcome).isEqualTo(new SaveOutcome.NothingToSave(NOON));
        assertThat(path()).hasContent(before);
    }

    @Test
    void writesAnEmptyListWhenAllHaveGrownStale() throws IOException {
        file().save(List.of(peer(ALICE, 0.9)), NOON);
        var cache = cache();
        cache.load(NOON);

        var outcome = cache.save(NOON.plus(Duration.ofDays(8)));

        assertThat(outcome).isInstanceOf(SaveOutcome.Saved.class);
        assertThat(path()).content().endsWith("\"peers\": []\n}");
    }

    @Test
    void warnsOncePerOutageAndRecoversByItself() throws IOException {
        var obstacle = Files.writeString(folder.resolve("obstacle"), "");
        var path = obstacle.resolve("peer_cache.json");
        var cache =
                new PeerCache(
                        new PeerCacheFile(path, CacheRules.DEFAULT, false),
                        history,
                        CacheRules.DEFAULT);
        cache.load(NOON);
        ear.heard.clear();
        history.onTransfer(ALICE, 1, true, NOON);

        assertThat(cache.save(NOON)).isInstanceOf(SaveOutcome.Failed.class);
        assertThat(cache.save(NOON)).isInstanceOf(SaveOutcome.Failed.class);
        assertThat(history.isDirty()).isTrue();
        Files.delete(obstacle);
        assertThat(cache.save(NOON)).isInstanceOf(SaveOutcome.Saved.class);
        Files.delete(path);
        Files.delete(obstacle);
        Files.writeString(obstacle, "");
        assertThat(cache.save(NOON)).isInstanceOf(SaveOutcome.Failed.class);

        assertThat(ear.at(org.jboss.logmanager.Level.WARN))
                .hasSize(2)
                .allMatch(line -> line.endsWith(path + ": " + obstacle + " is in the way"));
    }

    @Test
    void warnsOfDamageAndWantsToSaveWhatItSalvaged() throws IOException {
        Files.writeString(path(), document(entry(ALICE), "{}"));

        cache().load(NOON);

        assertThat(ear.at(org.jboss.logmanager.Level.WARN))
                .containsExactly(
                        "The peer cache is damaged: kept=1, set-aside="
                                + path()
                                + ".corrupt-20261123T120000Z, reason=an entry without its id, its"
                                + " addresses or its time");
        assertThat(history.isDirty()).isTrue();
    }

    @Test
    void warnsOfALaterVersion() throws IOException {
        Files.writeString(path(), document(entry(ALICE)).replace("\"version\":1", "\"version\":2"));

        var load = cache().load(NOON);

        assertThat(load.outcome()).isEqualTo(new LoadOutcome.LoadedNewerVersion(2));
        assertThat(ear.at(org.jboss.logmanager.Level.WARN))
                .containsExactly("The peer cache is of a later format: version=2");
    }

    @Test
    void savesOneAfterTheOtherWhileEventsComeIn() throws Exception {
        var cache = cache();
        var results = new ArrayList<Future<SaveOutcome>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                int number = i;
                threads.submit(() -> history.onTransfer(Peers.id(number), 1, true, NOON));
                results.add(threads.submit(() -> cache.save(NOON)));
            }
        }
        cache.save(NOON);

        for (var result : results) {
            assertThat(result.get()).isNotInstanceOf(SaveOutcome.Failed.class);
        }
        assertThat(file().load(NOON).peers()).hasSize(50);
    }

    private PeerCache cache() {
        return new PeerCache(file(), history, CacheRules.DEFAULT);
    }

    private PeerCacheFile file() {
        return new PeerCacheFile(path(), CacheRules.DEFAULT, false);
    }

    private Path path() {
        return folder.resolve("peer_cache.json");
    }
}
