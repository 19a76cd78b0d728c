// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.kad.RoutingTable.Verdict;
import org.junit.jupiter.api.Test;

class RoutingTableTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration ROUND = Duration.ofMinutes(5);

    private final Random random = new Random(7);
    private final PeerId self = KadProperties.randomPeer(random);
    private final KadKey own = KadKey.of(self);
    private final RoutingTable table = new RoutingTable(own, KadLimits.DEFAULT, ROUND);

    private PeerId peerInBucket(int prefix) {
        while (true) {
            var peer = KadProperties.randomPeer(random);
            if (own.commonPrefix(KadKey.of(peer)) == prefix) {
                return peer;
            }
        }
    }

    private static Member member(PeerId peer) {
        return KadProperties.member(peer);
    }

    private static Member from(PeerId peer, String ip) {
        return Member.of(
                peer,
                List.of(Multiaddr.parse("/ip4/8.8.8.8/tcp/4001")),
                Optional.of(InetAddress.ofLiteral(ip)));
    }

    private List<PeerId> fillBucket(int prefix, Instant now) {
        var peers = new ArrayList<PeerId>();
        for (int i = 0; i < KadLimits.K; i++) {
            var peer = peerInBucket(prefix);
            peers.add(peer);
            assertThat(table.verified(member(peer), now)).isEqualTo(Verdict.ADMITTED);
        }
        return peers;
    }

    private List<PeerId> nearest(PeerId target, Instant now) {
        return table.nearest(KadKey.of(target), KadLimits.K, self, now).stream()
                .map(Member::id)
                .toList();
    }

    @Test
    @Clause("kad-bucket")
    void aNewcomerWaitsWhileItsBucketIsFullOfPeersThatAnswer() {
        var members = fillBucket(0, NOON);
        var newcomer = peerInBucket(0);

        var verdict = table.verified(member(newcomer), NOON);

        assertThat(verdict).isEqualTo(Verdict.WAITING);
        assertThat(nearest(newcomer, NOON)).containsExactlyInAnyOrderElementsOf(members);
    }

    @Test
    void theOneThatWaitsMovesUpWhenAMemberFailsOnce() {
        var members = fillBucket(0, NOON);
        var newcomer = peerInBucket(0);
        table.verified(member(newcomer), NOON);

        table.failed(members.getFirst(), NOON);

        assertThat(nearest(newcomer, NOON)).contains(newcomer).doesNotContain(members.getFirst());
        assertThat(table.size()).isEqualTo(KadLimits.K);
    }

    @Test
    void aMemberThatFailsIsNotHandedOutAndGoesWhenItFailsAgain() {
        var peer = peerInBucket(0);
        table.verified(member(peer), NOON);

        table.failed(peer, NOON);

        assertThat(nearest(peer, NOON)).isEmpty();
        assertThat(table.size()).isOne();
        table.failed(peer, NOON);
        assertThat(table.size()).isZero();
    }

    @Test
    void aMemberThatAnswersAgainIsForgivenItsFailure() {
        var peer = peerInBucket(0);
        table.verified(member(peer), NOON);
        table.failed(peer, NOON);

        var verdict = table.verified(member(peer), NOON);

        assertThat(verdict).isEqualTo(Verdict.CONFIRMED);
        assertThat(nearest(peer, NOON)).containsExactly(peer);
    }

    @Test
    void whoeverWasNotVerifiedForThreeRoundsIsNotHandedOut() {
        var peer = peerInBucket(0);
        table.verified(member(peer), NOON);

        assertThat(nearest(peer, NOON.plus(ROUND.multipliedBy(3)))).containsExactly(peer);
        assertThat(nearest(peer, NOON.plus(ROUND.multipliedBy(3)).plusSeconds(1))).isEmpty();
    }

    @Test
    void aMemberIsDueWhenItsRoundIsOverTheEldestFirst() {
        var later = peerInBucket(1);
        var sooner = peerInBucket(0);
        table.verified(member(later), NOON.plusSeconds(10));
        table.verified(member(sooner), NOON);

        assertThat(table.due(NOON.plus(ROUND).minusSeconds(1), 10)).isEmpty();
        assertThat(table.due(NOON.plus(ROUND).plusSeconds(10), 10).stream().map(Member::id))
                .containsExactly(sooner, later);
    }

    @Test
    void theEldestOfABucketThatOthersWaitForIsAskedSoon() {
        var eldest = peerInBucket(0);
        table.verified(member(eldest), NOON.minusSeconds(1));
        for (int i = 1; i < KadLimits.K; i++) {
            table.verified(member(peerInBucket(0)), NOON);
        }
        table.verified(member(peerInBucket(0)), NOON);

        var due = table.due(NOON.plusSeconds(20), 10);

        assertThat(due.stream().map(Member::id)).containsExactly(eldest);
    }

    @Test
    void ofABucketThatOthersWaitForNobodyIsAskedTwiceInARound() {
        for (int i = 0; i <= KadLimits.K; i++) {
            table.verified(member(peerInBucket(0)), NOON);
        }
        int asked = 0;

        for (var now = NOON; now.isBefore(NOON.plus(ROUND)); now = now.plusSeconds(1)) {
            for (var member : table.due(now, 10)) {
                asked++;
                table.verified(member, now);
            }
        }

        assertThat(asked).isBetween(KadLimits.K - 2, KadLimits.K);
    }

    @Test
    void tellsWhenTheNextMemberIsDue() {
        assertThat(table.nextDue()).isEmpty();
        var first = peerInBucket(0);
        var second = peerInBucket(1);
        table.verified(member(first), NOON);
        table.verified(member(second), NOON.plusSeconds(30));

        assertThat(table.nextDue()).contains(NOON.plus(ROUND));
        table.failed(second, NOON.plusSeconds(40));
        assertThat(table.nextDue()).contains(NOON.plusSeconds(55));
        table.doubt(first);
        assertThat(table.nextDue()).contains(NOON.plusSeconds(15));
    }

    @Test
    void aMemberWhoseConnectionEndedIsNotHandedOutAndAskedSoonButNotAtOnce() {
        var peer = peerInBucket(0);
        table.verified(member(peer), NOON);

        table.doubt(peer);

        assertThat(nearest(peer, NOON)).isEmpty();
        assertThat(table.due(NOON, 10)).isEmpty();
        assertThat(table.due(NOON.plusSeconds(15), 10).stream().map(Member::id))
                .containsExactly(peer);
    }

    @Test
    @Clause("K3")
    void whoeverIsNoServerAnyMoreIsForgotten() {
        var peer = peerInBucket(0);
        table.verified(member(peer), NOON);

        table.forget(peer);

        assertThat(table.size()).isZero();
        assertThat(table.wants(peer, KadKey.of(peer))).isTrue();
    }

    @Test
    void neverTakesItselfNorWhoHasNoAddress() {
        var nowhere = Member.of(peerInBucket(0), List.of(), Optional.empty());

        assertThat(table.verified(member(self), NOON)).isEqualTo(Verdict.SELF);
        assertThat(table.verified(nowhere, NOON)).isEqualTo(Verdict.NO_ADDRESS);
        assertThat(table.size()).isZero();
    }

    @Test
    @Clause("kad-diversity")
    void takesTwoOfANetworkIntoABucketAndThreeIntoTheTable() {
        table.verified(from(peerInBucket(0), "8.8.1.1"), NOON);
        table.verified(from(peerInBucket(0), "8.8.2.2"), NOON);

        assertThat(table.verified(from(peerInBucket(0), "8.8.3.3"), NOON))
                .isEqualTo(Verdict.TOO_MANY_OF_GROUP);
        assertThat(table.verified(from(peerInBucket(1), "8.8.3.3"), NOON))
                .isEqualTo(Verdict.ADMITTED);
        assertThat(table.verified(from(peerInBucket(2), "8.8.4.4"), NOON))
                .isEqualTo(Verdict.TOO_MANY_OF_GROUP);
        assertThat(table.verified(from(peerInBucket(2), "8.9.4.4"), NOON))
                .isEqualTo(Verdict.ADMITTED);
    }

    @Test
    void countsIpv6ByItsFirstThirtyTwoBits() {
        table.verified(from(peerInBucket(0), "2a00:1::1"), NOON);
        table.verified(from(peerInBucket(0), "2a00:1:ffff::1"), NOON);

        assertThat(table.verified(from(peerInBucket(0), "2a00:1:2::3"), NOON))
                .isEqualTo(Verdict.TOO_MANY_OF_GROUP);
        assertThat(table.verified(from(peerInBucket(0), "2a00:2::1"), NOON))
                .isEqualTo(Verdict.ADMITTED);
    }

    @Test
    void privateNetworksAndLoopbackAreNotCounted() {
        for (int i = 0; i < 10; i++) {
            assertThat(table.verified(from(peerInBucket(0), "10.1.1." + i), NOON))
                    .isEqualTo(Verdict.ADMITTED);
        }
    }

    @Test
    void aPlaceOfItsNetworkIsFreeWhenAMemberGoes() {
        var gone = peerInBucket(0);
        table.verified(from(gone, "8.8.1.1"), NOON);
        table.verified(from(peerInBucket(0), "8.8.2.2"), NOON);

        table.forget(gone);

        assertThat(table.verified(from(peerInBucket(0), "8.8.3.3"), NOON))
                .isEqualTo(Verdict.ADMITTED);
    }

    @Test
    void aCrowdThatWaitsDisplacesNobodyThatAnswers() {
        var members = fillBucket(0, NOON);
        for (int i = 0; i < 500; i++) {
            table.verified(member(peerInBucket(0)), NOON);
        }

        var bucket = table.view().getFirst();

        assertThat(bucket.peers().stream().map(BucketView.PeerView::id))
                .containsExactlyInAnyOrderElementsOf(members);
        assertThat(bucket.waiting()).isEqualTo(20);
    }
}
