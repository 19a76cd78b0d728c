// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import static network.chiral.edge.libp2p.protocol.kad.KadCodecTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import network.chiral.edge.libp2p.testing.TestKeys;
import org.junit.jupiter.api.Test;

class RecordStoreTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(3_600);
    private static final PeerId ALICE = TestKeys.peer("alice");
    private static final PeerId BOB = TestKeys.peer("bob");

    private static KadRecord record(String key, String value) {
        return new KadRecord(text(key), text(value));
    }

    private static KadRecord published(String key, String value, PeerId publisher) {
        return new KadRecord(text(key), text(value), Optional.of(publisher), 0, "");
    }

    private static RecordStore store(int records, long bytes, int perPeer, long bytesPerPeer) {
        return new RecordStore(
                KadLimits.DEFAULT.withRecords(records, bytes, perPeer, bytesPerPeer));
    }

    private static String value(RecordStore store, String key, Instant now) {
        return store.get(text(key), now).map(e -> new String(e.record().value())).orElse("none");
    }

    @Test
    void holdsFarMoreThanRustsStoreWithinADefaultQuotaForEachPeer() {
        var store = new RecordStore(KadLimits.DEFAULT);
        var peers = IntStream.range(0, 10).mapToObj(i -> TestKeys.peer("peer" + i)).toList();
        for (int i = 0; i < 20_000; i++) {
            var sender = peers.get(i % 10);

            assertThat(store.put(record("key" + i, "value"), sender, LATER, NOON))
                    .isEqualTo(new StoreVerdict.Kept(true));
        }

        assertThat(store.size()).isEqualTo(20_000);
        assertThat(value(store, "key19999", NOON)).isEqualTo("value");
    }

    @Test
    void refusesWhenItIsFullAndTakesAgainWhenSomethingHasExpired() {
        var store = store(2, 0, 0, 0);
        store.put(record("a", "1"), ALICE, NOON.plusSeconds(10), NOON);
        store.put(record("b", "1"), ALICE, LATER, NOON);

        var full = store.put(record("c", "1"), BOB, LATER, NOON);
        var later = store.put(record("c", "1"), BOB, LATER, NOON.plusSeconds(10));

        assertThat(full).isEqualTo(new StoreVerdict.Refused(KadRefusal.RECORDS_FULL));
        assertThat(later).isEqualTo(new StoreVerdict.Kept(true));
    }

    @Test
    void refusesWhatGoesBeyondItsBytes() {
        var store = store(0, 10, 0, 0);
        store.put(record("a", "12345"), ALICE, LATER, NOON);

        var refused = store.put(record("b", "1234"), BOB, LATER, NOON);

        assertThat(refused).isEqualTo(new StoreVerdict.Refused(KadRefusal.RECORD_BYTES_FULL));
        assertThat(store.bytes()).isEqualTo(6);
    }

    @Test
    void onePeerGetsNoMoreThanItsShare() {
        var store = store(0, 0, 2, 10);
        store.put(record("a", "1"), ALICE, LATER, NOON);
        store.put(record("b", "1"), ALICE, LATER, NOON);
        store.put(record("x", "1"), BOB, LATER, NOON);

        var tooMany = store.put(record("c", "1"), ALICE, LATER, NOON);
        var tooLong = store.put(record("y", "1234567890"), BOB, LATER, NOON);

        assertThat(tooMany).isEqualTo(new StoreVerdict.Refused(KadRefusal.RECORDS_PER_PEER));
        assertThat(tooLong).isEqualTo(new StoreVerdict.Refused(KadRefusal.RECORD_BYTES_PER_PEER));
    }

    @Test
    void puttingTheSameAgainEveryThreeMinutesCostsNothing() {
        var store = store(1, 100, 1, 100);
        for (int i = 0; i < 1_000; i++) {
            var now = NOON.plusSeconds(180L * i);

            var verdict =
                    store.put(published("a", "v" + i, ALICE), ALICE, now.plusSeconds(1_320), now);

            assertThat(verdict).isEqualTo(new StoreVerdict.Kept(i == 0));
        }
        assertThat(store.size()).isOne();
        assertThat(store.bytes()).isEqualTo(5);
    }

    @Test
    void aLaterPutTakesTheEarlierOnesPlaceWhoeverSendsIt() {
        var store = new RecordStore(KadLimits.DEFAULT);
        store.put(record("registry", "old"), ALICE, LATER, NOON);

        store.put(record("registry", "new"), BOB, LATER, NOON.plusSeconds(1));

        assertThat(value(store, "registry", NOON.plusSeconds(1))).isEqualTo("new");
        assertThat(store.owners()).isOne();
    }

    @Test
    void anothersOlderCopyDoesNotUndoWhatThePublisherHasPutItself() {
        var store = new RecordStore(KadLimits.DEFAULT);
        store.put(published("a", "new", ALICE), ALICE, LATER, NOON);

        var verdict = store.put(published("a", "old", ALICE), BOB, LATER.minusSeconds(60), NOON);

        assertThat(verdict).isEqualTo(new StoreVerdict.Ignored());
        assertThat(value(store, "a", NOON)).isEqualTo("new");
    }

    @Test
    void aCopyCountsAgainstWhomTheRecordCountedAgainstBefore() {
        var store = store(0, 0, 1, 0);
        store.put(published("a", "1", ALICE), ALICE, LATER, NOON);
        store.put(record("b", "1"), BOB, LATER, NOON);

        var verdict = store.put(published("a", "2", ALICE), BOB, LATER.plusSeconds(1), NOON);

        assertThat(verdict).isEqualTo(new StoreVerdict.Kept(false));
        assertThat(store.owners()).isEqualTo(2);
    }

    @Test
    void aRecordEndsWhenItsTimeIsOverAndWhatComesTooLateIsIgnored() {
        var store = new RecordStore(KadLimits.DEFAULT);
        store.put(record("a", "1"), ALICE, NOON.plusSeconds(10), NOON);

        var expired = store.put(record("b", "1"), ALICE, NOON, NOON);

        assertThat(expired).isEqualTo(new StoreVerdict.Ignored());
        assertThat(value(store, "a", NOON.plusSeconds(9))).isEqualTo("1");
        assertThat(value(store, "a", NOON.plusSeconds(10))).isEqualTo("none");
        store.forgetExpired(NOON.plusSeconds(10));
        assertThat(store.size()).isZero();
        assertThat(store.bytes()).isZero();
        assertThat(store.owners()).isZero();
    }

    @Test
    void whatItHeldIsRestoredWithinTheLimits() {
        var before = new RecordStore(KadLimits.DEFAULT);
        before.put(published("a", "1", ALICE), ALICE, LATER, NOON);
        before.put(record("b", "2"), BOB, NOON.plusSeconds(5), NOON);
        var after = store(1, 0, 0, 0);

        var entries = before.entries(NOON);
        long taken = entries.stream().filter(e -> after.restore(e, NOON.plusSeconds(6))).count();

        assertThat(entries).hasSize(2);
        assertThat(taken).isOne();
        assertThat(value(after, "a", NOON)).isEqualTo("1");
    }

    @Test
    void theManyPeersOfOneAddressMayPutWhatFourMay() {
        var store = store(0, 0, 2, 0);
        var origin = Optional.of(IpPrefix.parse("8.8.8.8"));
        int kept = 0;
        for (int i = 0; i < 20; i++) {
            var sender = TestKeys.peer("made up " + i);
            kept += keptFrom(store, "key" + i, sender, origin) ? 1 : 0;
        }

        var beyond = store.put(record("more", "1"), BOB, origin, LATER, NOON);
        var again = store.put(record("key1", "2"), BOB, origin, LATER, NOON);
        var elsewhere = Optional.of(IpPrefix.parse("8.8.8.9"));

        assertThat(kept).isEqualTo(2 * KadLimits.PEERS_PER_ADDRESS);
        assertThat(beyond).isEqualTo(new StoreVerdict.Refused(KadRefusal.RECORDS_PER_ADDRESS));
        assertThat(again).isEqualTo(new StoreVerdict.Kept(false));
        assertThat(keptFrom(store, "more", BOB, elsewhere)).isTrue();
    }

    @Test
    void theBytesOfAnAddressAreBoundedToo() {
        var store = store(0, 0, 0, 10);
        var origin = Optional.of(IpPrefix.parse("8.8.8.8"));
        for (int i = 0; i < KadLimits.PEERS_PER_ADDRESS; i++) {
            assertThat(keptFrom(store, "1234" + i, TestKeys.peer("p" + i), origin)).isTrue();
        }
        var full = store.put(record("123456789", "1"), BOB, origin, LATER, NOON);

        assertThat(full).isEqualTo(new StoreVerdict.Refused(KadRefusal.RECORD_BYTES_PER_ADDRESS));
    }

    @Test
    void anAddressThatHasNothingLeftIsForgotten() {
        var store = store(0, 0, 2, 0);
        var origin = Optional.of(IpPrefix.parse("8.8.8.8"));
        keptFrom(store, "key", ALICE, origin);

        store.forgetExpired(LATER);

        assertThat(store.origins()).isZero();
        assertThat(store.owners()).isZero();
    }

    private static boolean keptFrom(
            RecordStore store, String key, PeerId sender, Optional<IpPrefix> origin) {
        return store.put(record(key, "12345"), sender, origin, LATER, NOON)
                instanceof StoreVerdict.Kept;
    }
}
