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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CacheRulesTest {
    private static final long NOW = NOON.getEpochSecond();

    private final CacheRules rules = CacheRules.DEFAULT;

    @Test
    void keepsAPeerForExactlySevenDays() {
        assertThat(rules.isStale(seen(peer(ALICE, 0.5), NOW - 604_800), NOON)).isFalse();
        assertThat(rules.isStale(seen(peer(ALICE, 0.5), NOW - 604_801), NOON)).isTrue();
    }

    @Test
    void neverFindsAPeerFromTheFutureStale() {
        assertThat(rules.isStale(seen(peer(ALICE, 0.5), NOW + 1), NOON)).isFalse();
        assertThat(rules.isStale(seen(peer(ALICE, 0.5), Long.MAX_VALUE), NOON)).isFalse();
    }

    @Test
    void savesOnlyPeersWithATransfer() {
        var idle = peer(ALICE, 9, 0, 0.9);
        var used = peer(BOB, 1, 1, 0.2);

        assertThat(rules.toSave(List.of(idle, used), NOON)).containsExactly(used);
    }

    @Test
    void savesTheHundredMostReliable() {
        var peers = new ArrayList<CachedPeer>();
        for (int i = 0; i < 150; i++) {
            peers.add(peer(Peers.id(i), i / 150.0));
        }

        var saved = rules.toSave(peers, NOON);

        assertThat(saved).hasSize(100);
        assertThat(saved.getFirst()).isEqualTo(peers.get(149));
        assertThat(saved.getLast()).isEqualTo(peers.get(50));
    }

    @Test
    void prefersMoreConnectionsAmongTheEquallyReliableAndElseKeepsTheOrder() {
        var once = peer(ALICE, 1, 1, 0.5);
        var often = peer(BOB, 7, 1, 0.5);
        var alsoOnce = peer(CAROL, 1, 1, 0.5);

        assertThat(rules.toSave(List.of(once, often, alsoOnce), NOON))
                .containsExactly(often, once, alsoOnce);
    }

    @Test
    void redialsRelaysBeforeMoreReliablePeers() {
        var reliable = peer(ALICE, 0.95);
        var relay = relay(peer(BOB, 0.70));
        var better = relay(peer(CAROL, 0.71));

        assertThat(CacheRules.forRedial(List.of(reliable, relay, better)))
                .containsExactly(better, relay, reliable);
    }

    @Test
    void canBeToldToSaveEveryPeerEverMet() {
        var lenient = new CacheRules(100, Duration.ofDays(7), 0);

        assertThat(lenient.toSave(List.of(peer(ALICE, 1, 0, 0.5)), NOON)).hasSize(1);
    }

    @Test
    void refusesRulesThatCannotBeMet() {
        assertThatThrownBy(() -> new CacheRules(0, Duration.ZERO, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
