// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.testing.TestKeys;
import org.junit.jupiter.api.Test;

class ClosestPeersTest {
    private static final PeerId SELF = TestKeys.peer("self");
    private static final KadKey TARGET = KadKey.of(new byte[] {1, 2, 3});

    private final Random random = new Random(11);

    private List<KadPeer> peers(int count) {
        var peers = new ArrayList<KadPeer>();
        for (int i = 0; i < count; i++) {
            peers.add(new KadPeer(KadProperties.randomPeer(random), List.of()));
        }
        peers.sort(Comparator.comparing(p -> TARGET.distance(KadKey.of(p.id()))));
        return peers;
    }

    private static KadPeer ask(ClosestPeers search) {
        return ((ClosestPeers.Step.Ask) search.next()).peer();
    }

    @Test
    @Clause("kad-lookup")
    void asksTheNearestFirstAndNoMoreThanAlphaAtOnce() {
        var search = new ClosestPeers(TARGET, SELF, 3, KadLimits.K);
        var peers = peers(10);
        search.heardOf(peers.reversed());

        assertThat(List.of(ask(search), ask(search), ask(search))).isEqualTo(peers.subList(0, 3));
        assertThat(search.next()).isEqualTo(new ClosestPeers.Step.Await());
    }

    @Test
    @Clause("kad-lookup")
    void isOverWhenTheNearestHaveAnsweredWithoutThoseThatFailed() {
        var search = new ClosestPeers(TARGET, SELF, 1, 2);
        var peers = peers(4);
        search.heardOf(peers);

        search.onFailure(ask(search));
        search.onAnswer(ask(search), List.of());
        search.onAnswer(ask(search), List.of());

        assertThat(search.next()).isEqualTo(new ClosestPeers.Step.Done());
        assertThat(search.answered()).isEqualTo(peers.subList(1, 3));
    }

    @Test
    void goesOnWithNearerOnesThatItHearsOf() {
        var search = new ClosestPeers(TARGET, SELF, 1, 1);
        var peers = peers(2);
        search.heardOf(peers.subList(1, 2));

        search.onAnswer(ask(search), peers);

        assertThat(ask(search)).isEqualTo(peers.getFirst());
    }

    @Test
    void neverAsksItselfNorAnybodyTwice() {
        var search = new ClosestPeers(TARGET, SELF, 1, KadLimits.K);
        var peer = peers(1).getFirst();
        search.heardOf(List.of(peer, peer, new KadPeer(SELF, List.of())));

        search.onAnswer(ask(search), List.of(peer, new KadPeer(SELF, List.of())));

        assertThat(search.next()).isEqualTo(new ClosestPeers.Step.Done());
    }

    @Test
    void liarsWhoAlwaysNameSomebodyElseComeToAnEnd() {
        var search = new ClosestPeers(TARGET, SELF, 1, KadLimits.K);
        search.heardOf(peers(1));
        int asked = 0;
        while (search.next() instanceof ClosestPeers.Step.Ask(var peer)) {
            asked++;
            search.onAnswer(peer, peers(20));
        }

        assertThat(search.next()).isEqualTo(new ClosestPeers.Step.Done());
        assertThat(asked).isLessThanOrEqualTo(200);
    }
}
