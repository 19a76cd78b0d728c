// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.mdns.MdnsAnswers.Asked;
import network.chiral.edge.libp2p.protocol.mdns.MdnsTable.Heard;
import network.chiral.edge.libp2p.protocol.mdns.MdnsTable.Verdict;
import org.junit.jupiter.api.Test;

/// Whom mDNS dials, and when it answers.
class MdnsTableTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration TTL = Duration.ofSeconds(120);

    private final MdnsTable table = new MdnsTable();
    private final AnswerTable answers = new AnswerTable();

    private static FoundPeer found(PeerId peer, Duration ttl) {
        return new FoundPeer(peer, List.of(Multiaddr.parse("/ip4/10.0.0.1/tcp/1")), ttl);
    }

    /// A peer id whose last bytes are `number`; cheaper than a key.
    private static PeerId stranger(int number) {
        var multihash = new byte[34];
        multihash[0] = 0x12;
        multihash[1] = 32;
        multihash[32] = (byte) (number >> 8);
        multihash[33] = (byte) number;
        return PeerId.ofBytes(multihash);
    }

    private Heard hear(PeerId peer, Instant now) {
        return table.heard(found(peer, TTL), false, now);
    }

    @Test
    void dialsAPeerOnceAMinuteHoweverOftenItAnswers() {
        var alice = peer("alice");

        assertThat(hear(alice, NOON)).isEqualTo(new Heard(Verdict.DIAL, true));
        assertThat(hear(alice, NOON.plusSeconds(59))).isEqualTo(new Heard(Verdict.REST, false));
        assertThat(hear(alice, NOON.plusSeconds(60))).isEqualTo(new Heard(Verdict.DIAL, false));
    }

    @Test
    void leavesAConnectedPeerAlone() {
        var heard = table.heard(found(peer("alice"), TTL), true, NOON);

        assertThat(heard.verdict()).isEqualTo(Verdict.REST);
        assertThat(table.size(NOON)).isEqualTo(1);
    }

    @Test
    void forgetsAPeerThatSaysGoodbyeOrIsHeardOfNoMore() {
        hear(peer("alice"), NOON);
        hear(peer("bob"), NOON);

        table.heard(found(peer("alice"), Duration.ZERO), false, NOON.plusSeconds(1));

        assertThat(table.size(NOON.plusSeconds(1))).isEqualTo(1);
        assertThat(table.size(NOON.plus(TTL))).isZero();
    }

    @Test
    void isNotMadeToDialByComingAndGoing() {
        hear(peer("alice"), NOON);
        table.heard(found(peer("alice"), Duration.ZERO), false, NOON.plusSeconds(1));

        var heard = hear(peer("alice"), NOON.plusSeconds(2));

        assertThat(heard).isEqualTo(new Heard(Verdict.REST, false));
    }

    @Test
    @Clause("mdns-hostile")
    void dialsNoMoreThanItsNumberOfStrangersInTenSeconds() {
        for (int i = 0; i < MdnsTable.DIALS_PER_WINDOW; i++) {
            assertThat(hear(stranger(i), NOON).verdict()).isEqualTo(Verdict.DIAL);
        }

        assertThat(hear(stranger(999), NOON).verdict()).isEqualTo(Verdict.TOO_MANY_DIALS);
        assertThat(hear(stranger(999), NOON.plus(MdnsTable.DIAL_WINDOW)).verdict())
                .isEqualTo(Verdict.DIAL);
    }

    @Test
    @Clause("mdns-hostile")
    void remembersNoMoreThanItsNumberOfPeers() {
        for (int i = 0; i < MdnsTable.MAX_PEERS; i++) {
            hear(stranger(i), NOON);
        }

        assertThat(hear(peer("alice"), NOON).verdict()).isEqualTo(Verdict.TOO_MANY_PEERS);
        assertThat(table.size(NOON)).isEqualTo(MdnsTable.MAX_PEERS);
        assertThat(hear(peer("alice"), NOON.plus(TTL)).verdict()).isEqualTo(Verdict.DIAL);
    }

    @Test
    @Clause("mdns-hostile")
    void believesNoPeerForMoreThanItsLongestTime() {
        table.heard(found(peer("alice"), Duration.ofDays(49_000)), false, NOON);

        assertThat(table.size(NOON.plus(MdnsTable.LONGEST).minusSeconds(1))).isEqualTo(1);
        assertThat(table.size(NOON.plus(MdnsTable.LONGEST))).isZero();
    }

    // --- answers

    private static final Duration DELAY = Duration.ofMillis(50);

    @Test
    @Clause("mdns-answer-pause")
    void answersQuestionsThatComeCloseTogetherAtOnceAndASecondApart() {
        assertThat(answers.ask(EnumSet.of(Asked.PEERS), DELAY, NOON)).contains(DELAY);
        assertThat(answers.ask(EnumSet.of(Asked.SERVICES), DELAY, NOON)).isEmpty();
        assertThat(answers.take(NOON)).containsExactlyInAnyOrder(Asked.PEERS, Asked.SERVICES);

        var wait = answers.ask(EnumSet.of(Asked.PEERS), DELAY, NOON.plusMillis(100));

        assertThat(wait).contains(Duration.ofMillis(900));
        assertThat(answers.take(NOON.plusMillis(1_000))).containsExactly(Asked.PEERS);
        assertThat(answers.ask(EnumSet.of(Asked.PEERS), DELAY, NOON.plusSeconds(9)))
                .contains(DELAY);
    }

    @Test
    @Clause("mdns-hostile")
    void answersOnlySoManyAskersAlone() {
        for (int i = 0; i < AnswerTable.UNICAST_PER_SECOND; i++) {
            assertThat(answers.takeUnicast(NOON)).isTrue();
        }

        assertThat(answers.takeUnicast(NOON.plusMillis(999))).isFalse();
        assertThat(answers.takeUnicast(NOON.plusSeconds(1))).isTrue();
    }

    @Test
    void knowsWhetherAllHaveHeardAnAnswerLately() {
        assertThat(answers.answeredWithin(DELAY, NOON)).isFalse();

        answers.take(NOON);

        assertThat(answers.answeredWithin(DELAY, NOON)).isTrue();
        assertThat(answers.answeredWithin(DELAY, NOON.plus(DELAY))).isFalse();
    }
}
