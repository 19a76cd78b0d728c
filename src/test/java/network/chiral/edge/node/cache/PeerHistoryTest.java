// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import static network.chiral.edge.node.cache.Peers.ALICE;
import static network.chiral.edge.node.cache.Peers.BOB;
import static network.chiral.edge.node.cache.Peers.CAROL;
import static network.chiral.edge.node.cache.Peers.NOON;
import static network.chiral.edge.node.cache.Peers.peer;
import static network.chiral.edge.node.cache.Peers.relay;
import static network.chiral.edge.node.cache.Peers.seen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PeerHistoryTest {
    private static final Instant LATER = NOON.plusSeconds(60);
    private static final String HOME = "/ip4/198.51.100.1/tcp/4001";

    private final PeerHistory history = new PeerHistory(CacheRules.DEFAULT, 1_000);

    @Test
    void tellsThePeersThatTransferredSomething() {
        history.onConnected(ALICE, List.of(HOME), NOON);
        history.onIdentified(ALICE, List.of(), true, NOON);
        history.onLatency(ALICE, Duration.ofMillis(200), NOON);
        history.onTransfer(ALICE, 5_000, true, LATER);
        history.onConnected(BOB, List.of(HOME), NOON);

        assertThat(history.snapshot(LATER))
                .containsExactly(
                        new CachedPeer(
                                ALICE,
                                List.of(HOME + "/p2p/" + ALICE),
                                LATER.getEpochSecond(),
                                1,
                                1,
                                0,
                                5_000,
                                200,
                                false,
                                true,
                                Reliability.score(1, 0, 200)));
    }

    @Test
    void addsTodayToWhatTheFileKnew() {
        var old = new CachedPeer(ALICE, List.of(HOME), 1, 10, 8, 2, 1_000, 100, true, true, 0.77);

        history.restore(List.of(old), NOON);
        history.onConnected(ALICE, List.of(), NOON);
        history.onLatency(ALICE, Duration.ofMillis(51), NOON);
        history.onTransfer(ALICE, 500, false, NOON);

        assertThat(history.snapshot(NOON))
                .containsExactly(
                        new CachedPeer(
                                ALICE,
                                List.of(HOME + "/p2p/" + ALICE),
                                NOON.getEpochSecond(),
                                11,
                                8,
                                3,
                                1_500,
                                75,
                                true,
                                true,
                                Reliability.score(8, 3, 75)));
    }

    @Test
    void comesToTheSameWhenTheFileIsLoadedAfterTheFirstEvents() {
        var old = new CachedPeer(ALICE, List.of(HOME), 1, 10, 8, 2, 1_000, 100, true, true, 0.77);
        var late = new PeerHistory(CacheRules.DEFAULT, 1_000);

        history.restore(List.of(old), NOON);
        happen(history);
        happen(late);
        late.restore(List.of(old), NOON);

        assertThat(late.snapshot(NOON)).isEqualTo(history.snapshot(NOON));
    }

    private static void happen(PeerHistory history) {
        history.onConnected(ALICE, List.of(HOME), NOON);
        history.onIdentified(ALICE, List.of(), true, NOON);
        history.onLatency(ALICE, Duration.ofMillis(51), NOON);
        history.onTransfer(ALICE, 500, false, NOON);
    }

    @Test
    void restoresAPeerOnlyOnce() {
        history.restore(List.of(peer(ALICE, 0.5)), NOON);
        history.restore(List.of(peer(ALICE, 0.5)), NOON);

        assertThat(history.snapshot(NOON)).containsExactly(peer(ALICE, 0.5));
    }

    @Test
    void doesNotForgetAPeerThatIsSilentToday() {
        history.restore(List.of(peer(ALICE, 0.7)), NOON);
        history.onTransfer(BOB, 1, true, NOON);

        assertThat(history.snapshot(NOON))
                .extracting(CachedPeer::peerId)
                .containsExactlyInAnyOrder(ALICE, BOB);
    }

    @Test
    void forgetsThatAPeerWasARelayOnceItSaysOtherwise() {
        history.restore(List.of(relay(peer(ALICE, 0.7))), NOON);

        history.onIdentified(ALICE, List.of(), false, NOON);

        assertThat(history.snapshot(NOON).getFirst().supportsRelay()).isFalse();
    }

    @Test
    void averagesLatencyWithWhatItWas() {
        history.onTransfer(ALICE, 1, true, NOON);
        for (int milliseconds : List.of(100, 201, 0)) {
            history.onLatency(ALICE, Duration.ofMillis(milliseconds), NOON);
        }

        // (100 + 201) / 2 = 150, and a measured zero counts as one: (150 + 1) / 2 = 75
        assertThat(history.snapshot(NOON).getFirst().averageLatencyMs()).isEqualTo(75);
    }

    @Test
    void putsTheAddressDialledLastFirst() {
        history.onTransfer(ALICE, 1, true, NOON);
        history.onConnected(ALICE, List.of("/ip4/192.0.2.1/tcp/1"), NOON);
        history.onConnected(ALICE, List.of("/ip4/192.0.2.2/tcp/2"), NOON);
        history.onConnected(ALICE, List.of("/ip4/192.0.2.1/tcp/1/p2p/" + ALICE), NOON);

        assertThat(history.snapshot(NOON).getFirst().addresses())
                .containsExactly(
                        "/ip4/192.0.2.1/tcp/1/p2p/" + ALICE, "/ip4/192.0.2.2/tcp/2/p2p/" + ALICE);
    }

    @Test
    void keepsEightAddressesAndPrefersNewsToMemories() {
        var old = IntStream.range(0, 8).mapToObj(i -> "/ip4/192.0.2.9/tcp/" + (i + 1)).toList();
        var told = IntStream.range(0, 9).mapToObj(i -> "/ip4/192.0.2.7/tcp/" + (i + 1)).toList();
        history.onTransfer(ALICE, 1, true, NOON);
        history.onIdentified(ALICE, old, false, NOON);
        history.onConnected(ALICE, List.of(HOME), NOON);

        history.onIdentified(ALICE, told, false, NOON);

        var addresses = history.snapshot(NOON).getFirst().addresses();
        assertThat(addresses).hasSize(8).startsWith(HOME + "/p2p/" + ALICE);
        assertThat(addresses.subList(1, 8)).allMatch(address -> address.contains("192.0.2.7"));
    }

    @Test
    void leavesNothingConfirmedForeverWhenAPeerMoves() {
        history.onTransfer(ALICE, 1, true, NOON);
        for (int i = 1; i <= 9; i++) {
            history.onConnected(ALICE, List.of("/ip4/192.0.2.1/tcp/" + i), NOON);
        }

        history.onIdentified(ALICE, List.of(HOME), false, NOON);

        assertThat(history.snapshot(NOON).getFirst().addresses())
                .hasSize(8)
                .startsWith("/ip4/192.0.2.1/tcp/9/p2p/" + ALICE)
                .contains(HOME + "/p2p/" + ALICE);
    }

    @Test
    void dropsAddressesThatAreBrokenOrBelongToSomebodyElse() {
        history.onTransfer(ALICE, 1, true, NOON);

        history.onConnected(ALICE, List.of("nonsense", HOME + "/p2p/" + BOB), NOON);

        assertThat(history.snapshot(NOON).getFirst().addresses()).isEmpty();
    }

    @Test
    void marksBootstrapPeersBeforeAndAfterTheyAreMet() {
        history.onTransfer(ALICE, 1, true, NOON);
        history.onBootstrapPeer(ALICE);
        history.onBootstrapPeer(BOB);
        history.onTransfer(BOB, 1, true, NOON);

        assertThat(history.snapshot(NOON)).hasSize(2).allMatch(CachedPeer::isBootstrap);
    }

    @Test
    void ignoresAnIdThatIsNone() {
        history.onConnected("../../etc/passwd", List.of(HOME), NOON);
        history.onBootstrapPeer("");

        assertThat(history.size()).isZero();
        assertThat(history.isDirty()).isFalse();
    }

    @Test
    void isDirtyFromAnEventUntilASaveThatKnewOfIt() {
        assertThat(history.isDirty()).isFalse();

        history.onTransfer(ALICE, 1, true, NOON);
        var draft = history.draft(NOON);
        history.onTransfer(ALICE, 1, true, NOON);
        history.onSaved(draft);
        assertThat(history.isDirty()).isTrue();

        history.onSaved(history.draft(NOON));
        assertThat(history.isDirty()).isFalse();
    }

    @Test
    void isNotDirtyFromLoadingAlone() {
        history.restore(List.of(peer(ALICE, 0.5)), NOON);

        assertThat(history.isDirty()).isFalse();
    }

    @Test
    void makesAnEmptyFileOnlyOfPeersThatAreAllStale() {
        history.onConnected(ALICE, List.of(HOME), NOON);
        assertThat(history.draft(NOON).worthAFile()).isFalse();

        history.onTransfer(ALICE, 1, true, NOON);
        var draft = history.draft(NOON.plus(Duration.ofDays(8)));

        assertThat(draft.worthAFile()).isTrue();
        assertThat(draft.peers()).isEmpty();
    }

    @Test
    void forgetsTheLeastValuableWhenACrowdComes() {
        var small = new PeerHistory(CacheRules.DEFAULT, 100);
        small.onBootstrapPeer(BOB);
        small.onConnected(BOB, List.of(), NOON);
        small.onTransfer(ALICE, 1, false, NOON);
        for (int i = 10; i < 5_000; i++) {
            small.onConnected(Peers.id(i), List.of(HOME), NOON.plusSeconds(i));
        }
        small.onTransfer(BOB, 1, true, NOON);
        small.onTransfer(Peers.id(4_999), 1, true, NOON);

        assertThat(small.size()).isBetween(90, 100);
        assertThat(small.snapshot(NOON))
                .extracting(CachedPeer::peerId)
                .containsExactlyInAnyOrder(ALICE, BOB, Peers.id(4_999));
        assertThat(small.snapshot(NOON))
                .allMatch(p -> p.connectionCount() == 1 || p.peerId().equals(ALICE));
    }

    @Test
    void forgetsAPeerFromTheFutureNoLaterThanOneOfNow() {
        var small = new PeerHistory(CacheRules.DEFAULT, 100);
        small.restore(List.of(seen(peer(CAROL, 1, 0, 0.5), Long.MAX_VALUE)), NOON);
        for (int i = 10; i < 200; i++) {
            small.onConnected(Peers.id(i), List.of(), NOON);
        }

        assertThat(small.statistics().totalTransfers()).isZero();
        assertThat(small.statistics().totalPeers()).isLessThanOrEqualTo(100);
    }

    @Test
    void sumsUpEverybodyItKnows() {
        history.onConnected(ALICE, List.of(), NOON);
        history.onIdentified(ALICE, List.of(), true, NOON);
        history.onTransfer(BOB, 70, true, NOON);

        var statistics = history.statistics();

        assertThat(statistics.totalPeers()).isEqualTo(2);
        assertThat(statistics.relayCapablePeers()).isEqualTo(1);
        assertThat(statistics.totalTransfers()).isEqualTo(1);
        assertThat(statistics.totalBytesTransferred()).isEqualTo(70);
    }

    @Test
    void refusesToBeSmallerThanAFile() {
        assertThatThrownBy(() -> new PeerHistory(CacheRules.DEFAULT, 99))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // --- at the word of an operator

    @Test
    void forgetsAPeerOnceAndTakesItBackWithoutItsPast() {
        history.restore(List.of(peer(ALICE, 0.8)), NOON);

        assertThat(history.forget(ALICE)).isTrue();
        assertThat(history.forget(ALICE)).isFalse();

        history.onConnected(ALICE, List.of(HOME), LATER);
        assertThat(history.snapshot(LATER)).isEmpty();
        assertThat(history.isDirty()).isTrue();
    }

    /// Otherwise the file would go on to name the last peer that was forgotten.
    @Test
    void anEmptyFileIsWorthItsPlaceOnceItsLastPeerWasForgotten() {
        history.restore(List.of(peer(ALICE, 0.8)), NOON);
        history.forget(ALICE);

        var draft = history.draft(NOON);
        history.onSaved(draft);

        assertThat(draft.worthAFile()).isTrue();
        assertThat(draft.peers()).isEmpty();
        assertThat(history.draft(NOON).worthAFile()).isFalse();
    }
}
