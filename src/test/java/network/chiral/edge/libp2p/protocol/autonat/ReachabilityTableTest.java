// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.autonat.ProbeOutcome.Failed;
import network.chiral.edge.libp2p.protocol.autonat.ProbeOutcome.Reached;
import network.chiral.edge.libp2p.protocol.autonat.ProbeOutcome.Refused;
import network.chiral.edge.libp2p.protocol.autonat.ProbeOutcome.Unreached;
import org.junit.jupiter.api.Test;

class ReachabilityTableTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Multiaddr HOME = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");
    private static final Multiaddr AWAY = Multiaddr.parse("/ip4/192.0.2.2/tcp/4001");
    private static final PeerId SERVER = peer("server");

    private final ReachabilityTable table = new ReachabilityTable(NOON);

    private void reached(Multiaddr address, Instant now) {
        table.answered(SERVER, List.of(address), new Reached(Optional.of(address)), now);
    }

    private void unreached(Multiaddr address, Instant now) {
        table.answered(SERVER, List.of(address), new Unreached(Optional.of(address)), now);
    }

    @Test
    @Clause("autonat-v2-several-servers")
    void oneAnswerIsNoVerdict() {
        table.track(List.of(HOME));

        reached(HOME, NOON);

        assertThat(table.of(HOME)).isEqualTo(Reachability.UNKNOWN);
        assertThat(table.due(NOON)).containsExactly(HOME);
        reached(HOME, NOON);
        assertThat(table.of(HOME)).isEqualTo(Reachability.PUBLIC);
    }

    @Test
    void isPublicWhereOneAddressIsAndPrivateWhereAllAre() {
        table.track(List.of(HOME, AWAY));
        unreached(HOME, NOON);
        unreached(HOME, NOON);

        assertThat(table.details(NOON).overall()).isEqualTo(Reachability.UNKNOWN);
        unreached(AWAY, NOON);
        unreached(AWAY, NOON);
        assertThat(table.details(NOON).overall()).isEqualTo(Reachability.PRIVATE);
        IntStream.range(0, 4).forEach(_ -> reached(AWAY, NOON));
        assertThat(table.details(NOON).overall()).isEqualTo(Reachability.PUBLIC);
        assertThat(table.details(NOON).addresses(Reachability.PRIVATE)).containsExactly(HOME);
    }

    @Test
    @Clause("autonat-v2-recheck")
    void leavesAnAddressAloneForAnHourOnceThreeAnswersAgree() {
        table.track(List.of(HOME));
        IntStream.range(0, 3).forEach(_ -> reached(HOME, NOON));

        assertThat(table.due(NOON.plus(Duration.ofMinutes(59)))).isEmpty();
        assertThat(table.due(NOON.plus(Duration.ofHours(1)))).containsExactly(HOME);
    }

    @Test
    void forgetsAnswersThatAreTooOldToMeanAnything() {
        table.track(List.of(HOME));
        IntStream.range(0, 3).forEach(_ -> reached(HOME, NOON));
        assertThat(table.details(NOON).overall()).isEqualTo(Reachability.PUBLIC);

        var later = table.details(NOON.plus(ReachabilityTable.ANSWER_LIFETIME));

        assertThat(later.overall()).isEqualTo(Reachability.UNKNOWN);
        assertThat(later.since()).isEqualTo(NOON.plus(ReachabilityTable.ANSWER_LIFETIME));
    }

    @Test
    void restsAfterTenTriesThatDecideNothing() {
        table.track(List.of(HOME));
        for (int i = 0; i < ReachabilityTable.MAX_TRIES; i++) {
            assertThat(table.due(NOON)).containsExactly(HOME);
            table.answered(
                    SERVER, List.of(HOME), i % 2 == 0 ? new Refused() : new Failed("no"), NOON);
        }

        assertThat(table.due(NOON)).isEmpty();
        assertThat(table.due(NOON.plus(ReachabilityTable.TRIES_PERIOD))).containsExactly(HOME);
    }

    @Test
    @Clause({"autonat-v1-public", "autonat-v1-private"})
    void believesVersionOneOnlyWhenThreeMoreSayTheSame() {
        table.track(List.of(HOME));
        table.answeredV1(SERVER, new Unreached(Optional.empty()), NOON);
        table.answeredV1(SERVER, new Unreached(Optional.empty()), NOON);

        assertThat(table.details(NOON).overall()).isEqualTo(Reachability.UNKNOWN);
        assertThat(table.isV1Due(NOON)).isTrue();
        table.answeredV1(SERVER, new Unreached(Optional.empty()), NOON);
        assertThat(table.details(NOON).overall()).isEqualTo(Reachability.PRIVATE);
        assertThat(table.isV1Due(NOON)).isFalse();
        assertThat(table.isV1Due(NOON.plus(ReachabilityTable.V1_RECHECK))).isTrue();
    }

    @Test
    void aProofOfVersionTwoOutweighsVersionOne() {
        table.track(List.of(HOME));
        IntStream.range(0, 3)
                .forEach(_ -> table.answeredV1(SERVER, new Unreached(Optional.empty()), NOON));

        reached(HOME, NOON);
        reached(HOME, NOON);

        assertThat(table.details(NOON).overall()).isEqualTo(Reachability.PUBLIC);
        assertThat(table.isV1Due(NOON.plus(ReachabilityTable.V1_RECHECK))).isFalse();
    }

    @Test
    void saysWhoDecidedAndWhen() {
        table.track(List.of(HOME));
        reached(HOME, NOON);
        reached(HOME, NOON.plusSeconds(5));

        var details = table.details(NOON.plusSeconds(9));

        assertThat(details.why())
                .contains(SERVER.toString(), HOME.toString(), "2026-01-01T12:00:05Z");
        assertThat(details.recent()).hasSize(2);
    }

    @Test
    void tellsNewsOnceAndOnlyOfVerdicts() {
        table.track(List.of(HOME));
        table.news(NOON);
        reached(HOME, NOON);

        assertThat(table.news(NOON)).isEmpty();
        reached(HOME, NOON);
        assertThat(table.news(NOON).map(ReachabilityDetails::overall))
                .contains(Reachability.PUBLIC);
        assertThat(table.news(NOON)).isEmpty();
    }

    @Test
    void neverHoldsMoreThanItsLimits() {
        var many =
                IntStream.range(1, 200)
                        .mapToObj(port -> Multiaddr.parse("/ip4/192.0.2.1/tcp/" + port))
                        .toList();
        table.track(many);
        many.forEach(address -> IntStream.range(0, 20).forEach(_ -> reached(address, NOON)));

        var details = table.details(NOON);

        assertThat(details.addresses()).hasSize(ReachabilityTable.MAX_ADDRESSES);
        assertThat(details.addresses())
                .allMatch(one -> one.confidence() <= ReachabilityTable.WINDOW);
        assertThat(details.recent()).hasSizeLessThanOrEqualTo(16);
    }
}
