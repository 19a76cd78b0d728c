// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import static network.chiral.edge.libp2p.protocol.kad.KadCodecTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.testing.TestKeys;
import org.junit.jupiter.api.Test;

class ProviderStoreTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(3_600);
    private static final PeerId ALICE = TestKeys.peer("alice");
    private static final List<Multiaddr> HOME = List.of(Multiaddr.parse("/ip4/8.8.8.8/tcp/1"));
    private static final List<Multiaddr> AWAY = List.of(Multiaddr.parse("/ip4/9.9.9.9/tcp/1"));

    private final ProviderStore store = new ProviderStore(KadLimits.DEFAULT);

    private List<PeerId> providers(String key, Instant now) {
        return store.of(text(key), now).stream().map(ProviderStore.Provider::peer).toList();
    }

    @Test
    @Clause("kad-provider-expiry")
    void remembersAProviderUntilItsEntryEnds() {
        store.add(text("file"), ALICE, HOME, LATER, NOON);

        assertThat(providers("file", LATER.minusSeconds(1))).containsExactly(ALICE);
        assertThat(providers("file", LATER)).isEmpty();
        store.forgetExpired(LATER);
        assertThat(store.size()).isZero();
        assertThat(store.keys()).isZero();
        assertThat(store.peers()).isZero();
    }

    @Test
    void providingAgainLengthensTheEntryAndCostsNothing() {
        store.add(text("file"), ALICE, HOME, LATER, NOON);

        var verdict = store.add(text("file"), ALICE, HOME, LATER.plusSeconds(60), NOON);

        assertThat(verdict).isEqualTo(new StoreVerdict.Kept(false));
        assertThat(providers("file", LATER)).containsExactly(ALICE);
        assertThat(store.size()).isOne();
    }

    @Test
    void theLatestAddressesCountForAllKeysOfAPeer() {
        store.add(text("one"), ALICE, HOME, LATER, NOON);

        store.add(text("two"), ALICE, AWAY, LATER, NOON);

        assertThat(store.of(text("one"), NOON).getFirst().addresses()).isEqualTo(AWAY);
        assertThat(store.peers()).isOne();
    }

    @Test
    void keepsTheTwentyNearestOfAKeysProviders() {
        var random = new Random(3);
        var all = new ArrayList<PeerId>();
        for (int i = 0; i < 200; i++) {
            var peer = KadProperties.randomPeer(random);
            all.add(peer);
            store.add(text("hot"), peer, HOME, LATER, NOON);
        }

        var kept = providers("hot", NOON);

        var key = KadKey.of(text("hot"));
        all.sort(Comparator.comparing(peer -> key.distance(KadKey.of(peer))));
        assertThat(kept).containsExactlyInAnyOrderElementsOf(all.subList(0, 20));
        assertThat(store.size()).isEqualTo(20);
        assertThat(store.peers()).isEqualTo(20);
    }

    @Test
    void aPeerProvidesNoMoreThanItsShareAndAllTogetherNoMoreThanThereIsRoomFor() {
        var small = new ProviderStore(KadLimits.DEFAULT.withProviders(3, 2));
        small.add(text("a"), ALICE, HOME, LATER, NOON);
        small.add(text("b"), ALICE, HOME, LATER, NOON);

        var tooMany = small.add(text("c"), ALICE, HOME, LATER, NOON);
        small.add(text("c"), TestKeys.peer("bob"), HOME, LATER, NOON);
        var full = small.add(text("d"), TestKeys.peer("bob"), HOME, LATER, NOON);

        assertThat(tooMany).isEqualTo(new StoreVerdict.Refused(KadRefusal.PROVIDERS_PER_PEER));
        assertThat(full).isEqualTo(new StoreVerdict.Refused(KadRefusal.PROVIDERS_FULL));
    }

    @Test
    void holdsFarMoreKeysThanRustsStore() {
        var peers = IntStream.range(0, 10).mapToObj(i -> TestKeys.peer("p" + i)).toList();
        for (int i = 0; i < 50_000; i++) {
            var verdict = store.add(text("key" + i), peers.get(i % 10), HOME, LATER, NOON);

            assertThat(verdict).isEqualTo(new StoreVerdict.Kept(true));
        }

        assertThat(store.keys()).isEqualTo(50_000);
        store.forgetExpired(LATER);
        assertThat(store.size()).isZero();
    }
}
