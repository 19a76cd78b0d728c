// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay.client;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.relay.client.RelayCandidate.Source;
import network.chiral.edge.libp2p.protocol.relay.client.ReservationRefused.Why;
import org.junit.jupiter.api.Test;

class RelayTableTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final PeerId ONE = peer("one");
    private static final PeerId TWO = peer("two");
    private static final PeerId THREE = peer("three");

    private final RelayTable table = new RelayTable(2);

    private static RelayCandidate candidate(PeerId peer, Source source) {
        return new RelayCandidate(
                peer, List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/4001")), source);
    }

    private static Reservation slot(PeerId relay, Instant expires) {
        return new Reservation(relay, expires, List.of(), Optional.empty());
    }

    private List<PeerId> asked(Instant now) {
        return table.next(now).stream().map(ask -> ask.relay().peer()).toList();
    }

    private void grant(PeerId relay, Duration lifetime) {
        table.granted(relay, slot(relay, NOON.plus(lifetime)), NOON);
    }

    @Test
    void asksTheMostTrustedFirstAndNoMoreThanAreWanted() {
        table.offer(candidate(THREE, Source.PROVIDER));
        table.offer(candidate(TWO, Source.CACHED));
        table.offer(candidate(ONE, Source.CONFIGURED));

        assertThat(asked(NOON)).containsExactly(ONE, TWO);
        assertThat(asked(NOON)).isEmpty();
    }

    @Test
    @Clause({"relay-client-5", "relay-client-16"})
    void renewsWhenThreeQuartersOfTheTimeAreOver() {
        table.offer(candidate(ONE, Source.CONFIGURED));
        table.next(NOON);
        grant(ONE, Duration.ofHours(1));

        assertThat(table.next(NOON.plus(Duration.ofMinutes(45).minusNanos(1)))).isEmpty();
        assertThat(table.next(NOON.plus(Duration.ofMinutes(45))))
                .containsExactly(new RelayTable.Ask(candidate(ONE, Source.CONFIGURED), true));
    }

    @Test
    @Clause("relay-client-4")
    void holdsNoSlotThatHasEnded() {
        table.offer(candidate(ONE, Source.CONFIGURED));
        table.next(NOON);
        grant(ONE, Duration.ofHours(1));

        assertThat(table.held(NOON.plus(Duration.ofHours(1)).minusNanos(1))).hasSize(1);
        assertThat(table.held(NOON.plus(Duration.ofHours(1)))).isEmpty();
        assertThat(table.isReserved(ONE, NOON.plus(Duration.ofHours(1)))).isFalse();
    }

    @Test
    @Clause("relay-client-6")
    void asksAnotherAtOnceWhenARelayIsLost() {
        table.offer(candidate(ONE, Source.CONFIGURED));
        table.offer(candidate(TWO, Source.CONFIGURED));
        table.offer(candidate(THREE, Source.CONNECTED));
        table.next(NOON);
        grant(ONE, Duration.ofHours(1));
        grant(TWO, Duration.ofHours(1));

        assertThat(table.lost(ONE, NOON, 0)).isTrue();

        assertThat(asked(NOON)).containsExactly(THREE);
        assertThat(table.held(NOON)).extracting(Reservation::relay).containsExactly(TWO);
        assertThat(table.lost(ONE, NOON, 0)).as("again").isFalse();
    }

    @Test
    void leavesARelayAloneForLongerWithEachRefusal() {
        table.offer(candidate(ONE, Source.CONFIGURED));
        table.next(NOON);

        table.refused(ONE, Why.REFUSED, NOON, 0.5);
        assertThat(asked(NOON.plusMillis(1_999))).isEmpty();
        var second = NOON.plusSeconds(2);
        assertThat(asked(second)).containsExactly(ONE);
        table.refused(ONE, Why.REFUSED, second, 0.5);

        assertThat(asked(second.plusMillis(3_999))).isEmpty();
        assertThat(asked(second.plusSeconds(4))).containsExactly(ONE);
    }

    @Test
    void comesBackToARelayAtTheLatestAfterAQuarterOfAnHour() {
        table.offer(candidate(ONE, Source.CONFIGURED));
        var now = NOON;
        for (int i = 0; i < 100; i++) {
            table.next(now);
            table.refused(ONE, Why.UNREACHABLE, now, 1);
            now = now.plus(Duration.ofMinutes(15));
        }

        assertThat(asked(now)).containsExactly(ONE);
    }

    @Test
    void leavesAPeerThatIsNoRelayAloneForAnHour() {
        table.offer(candidate(ONE, Source.CONNECTED));
        table.next(NOON);

        table.refused(ONE, Why.NO_RELAY, NOON, 0.5);

        assertThat(asked(NOON.plus(Duration.ofMinutes(59)))).isEmpty();
        assertThat(asked(NOON.plus(Duration.ofHours(1)))).containsExactly(ONE);
    }

    @Test
    void asksARelayThatIsNoneWhileItStartsAgainAfterSeconds() {
        table.offer(candidate(ONE, Source.CONFIGURED));
        table.next(NOON);
        grant(ONE, Duration.ofHours(1));
        table.lost(ONE, NOON, 0.5);
        table.next(NOON.plusSeconds(2));

        table.refused(ONE, Why.NO_RELAY, NOON.plusSeconds(2), 0.5);

        assertThat(asked(NOON.plusSeconds(5))).isEmpty();
        assertThat(asked(NOON.plusSeconds(6))).containsExactly(ONE);
    }

    @Test
    void tellsWhenSomethingIsDueNext() {
        assertThat(table.nextDue(NOON)).isEqualTo(Instant.MAX);
        table.offer(candidate(ONE, Source.CONFIGURED));
        table.offer(candidate(TWO, Source.CONFIGURED));
        table.next(NOON);
        grant(ONE, Duration.ofHours(1));

        assertThat(table.nextDue(NOON)).isEqualTo(NOON.plus(Duration.ofMinutes(45)));
        table.refused(TWO, Why.UNREACHABLE, NOON, 0.5);
        assertThat(table.nextDue(NOON)).isEqualTo(NOON.plusSeconds(2));
        assertThat(table.nextDue(NOON.plus(Duration.ofMinutes(45))))
                .isEqualTo(NOON.plus(Duration.ofHours(1)));
    }

    @Test
    void keepsASlotThatCouldNotBeRenewedAndLooksForAnother() {
        table.offer(candidate(ONE, Source.CONFIGURED));
        table.offer(candidate(TWO, Source.CONFIGURED));
        table.next(NOON);
        grant(ONE, Duration.ofHours(1));
        grant(TWO, Duration.ofHours(1));
        table.offer(candidate(THREE, Source.CONNECTED));
        var due = NOON.plus(Duration.ofMinutes(45));
        assertThat(asked(due)).containsExactlyInAnyOrder(ONE, TWO);

        table.refused(ONE, Why.REFUSED, due, 0);

        assertThat(table.held(due)).hasSize(2);
        assertThat(asked(due)).containsExactly(THREE);
    }

    @Test
    @Clause("relay-client-17")
    void countsARelayAsChosenFromTheMomentItIsAsked() {
        table.offer(candidate(ONE, Source.CONFIGURED));
        assertThat(table.isReserved(ONE, NOON)).isFalse();

        table.next(NOON);

        assertThat(table.isReserved(ONE, NOON)).isTrue();
        table.refused(ONE, Why.REFUSED, NOON, 0);
        assertThat(table.isReserved(ONE, NOON)).isFalse();
    }

    @Test
    void remembersBoundedlyManyRelaysAndTheConfiguredOnesAlways() {
        table.offer(candidate(ONE, Source.CONFIGURED));
        for (int i = 0; i < 2 * RelayTable.MAX_CANDIDATES; i++) {
            table.offer(candidate(peer("p" + i), Source.PROVIDER));
        }
        assertThat(table.size()).isEqualTo(RelayTable.MAX_CANDIDATES);

        for (int i = 0; i < 2 * RelayTable.MAX_CANDIDATES; i++) {
            table.offer(candidate(peer("c" + i), Source.CACHED));
        }

        assertThat(table.size()).isEqualTo(RelayTable.MAX_CANDIDATES);
        assertThat(asked(NOON)).contains(ONE);
    }

    @Test
    void isShortWhereNobodyIsLeftToAsk() {
        table.offer(candidate(ONE, Source.CONFIGURED));
        assertThat(table.isShort(NOON)).isTrue();

        table.offer(candidate(TWO, Source.CONFIGURED));

        assertThat(table.isShort(NOON)).isFalse();
    }

    @Test
    void givesEverythingUpWhenTheRoleEnds() {
        table.offer(candidate(ONE, Source.CONFIGURED));
        table.next(NOON);
        grant(ONE, Duration.ofHours(1));

        table.clear();

        assertThat(table.held(NOON)).isEmpty();
        assertThat(table.isReserved(ONE, NOON)).isFalse();
    }
}
