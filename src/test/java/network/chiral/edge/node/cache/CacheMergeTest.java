// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import static network.chiral.edge.node.cache.Peers.ALICE;
import static network.chiral.edge.node.cache.Peers.BOB;
import static network.chiral.edge.node.cache.Peers.CAROL;
import static network.chiral.edge.node.cache.Peers.NOON;
import static network.chiral.edge.node.cache.Peers.peer;
import static network.chiral.edge.node.cache.Peers.seen;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CacheMergeTest {
    private static final CacheRules RULES = CacheRules.DEFAULT;

    private static CacheMerge merge(List<CachedPeer> own, List<CachedPeer> other) {
        return CacheMerge.of(own, other, RULES, NOON);
    }

    @Test
    void addsWhoIsNewAndKeepsWhoIsThere() {
        var merged = merge(List.of(peer(ALICE, 0.9)), List.of(peer(BOB, 0.5)));

        assertThat(merged.peers()).containsExactly(peer(ALICE, 0.9), peer(BOB, 0.5));
        assertThat(merged.added()).isEqualTo(1);
        assertThat(merged.updated()).isZero();
        assertThat(merged.leftOut()).isZero();
    }

    @Test
    void believesWhoeverSawThePeerLastAndCountsNothingTwice() {
        var old = seen(peer(ALICE, 3, 5, 0.9), NOON.getEpochSecond() - 60);
        var recent = peer(ALICE, 4, 6, 0.4);

        assertThat(merge(List.of(old), List.of(recent)).peers()).containsExactly(recent);
        assertThat(merge(List.of(recent), List.of(old)).peers()).containsExactly(recent);
        assertThat(merge(List.of(old), List.of(recent)).updated()).isEqualTo(1);
        assertThat(merge(List.of(recent), List.of(old)).updated()).isZero();
    }

    @Test
    void keepsTheAddressesOfBothAsFarAsThereIsRoom() {
        var own = withAddresses(0, 6, NOON.getEpochSecond());
        var other = withAddresses(4, 12, NOON.getEpochSecond() - 1);

        var addresses = merge(List.of(own), List.of(other)).peers().getFirst().addresses();

        assertThat(addresses).hasSize(PeerEntry.MAX_ADDRESSES).startsWith("/a/0", "/a/1");
        assertThat(addresses).contains("/a/6").doesNotHaveDuplicates();
    }

    private static CachedPeer withAddresses(int from, int to, long seen) {
        var addresses = IntStream.range(from, to).mapToObj(i -> "/a/" + i).toList();
        return new CachedPeer(ALICE, addresses, seen, 1, 1, 0, 1, 1, false, false, 0.5);
    }

    @Test
    void leavesOutWhoANodeWouldNotSave() {
        var stale = seen(peer(BOB, 0.9), NOON.minus(Duration.ofDays(8)).getEpochSecond());
        var withoutTransfer = peer(CAROL, 5, 0, 0.9);

        var merged = merge(List.of(peer(ALICE, 0.1)), List.of(stale, withoutTransfer));

        assertThat(merged.peers()).containsExactly(peer(ALICE, 0.1));
        assertThat(merged.leftOut()).isEqualTo(2);
    }

    @Test
    void keepsTheBestWhereThereIsNoRoomForAll() {
        var own = IntStream.range(0, 100).mapToObj(i -> peer(Peers.id(i), 0.5)).toList();

        var merged = merge(own, List.of(peer(Peers.id(100), 0.9), peer(Peers.id(101), 0.1)));

        assertThat(merged.peers()).hasSize(100).contains(peer(Peers.id(100), 0.9));
        assertThat(merged.added()).isEqualTo(1);
        assertThat(merged.leftOut()).isEqualTo(2);
    }
}
