// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.autonat.RequestTable.Verdict;
import org.junit.jupiter.api.Test;

class RequestTableTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final PeerId ALICE = peer("alice");
    private static final PeerId BOB = peer("bob");
    private static final PeerId CAROL = peer("carol");

    private final RequestTable table = new RequestTable(3, 2, 1);

    private Verdict finished(PeerId peer, Instant now) {
        var verdict = table.begin(peer, now);
        if (verdict == Verdict.TAKEN) {
            table.end(peer);
        }
        return verdict;
    }

    @Test
    @Clause("A3")
    void takesAsManyOfOnePeerAsItMayHave() {
        finished(ALICE, NOON);
        finished(ALICE, NOON);

        assertThat(finished(ALICE, NOON)).isEqualTo(Verdict.TOO_MANY_OF_PEER);
        assertThat(finished(BOB, NOON)).isEqualTo(Verdict.TAKEN);
    }

    @Test
    @Clause("A3")
    void takesNoMoreOfAllTogetherThanItMay() {
        finished(ALICE, NOON);
        finished(ALICE, NOON);
        finished(BOB, NOON);

        assertThat(finished(CAROL, NOON)).isEqualTo(Verdict.TOO_MANY);
    }

    @Test
    void takesTheNextWhenTheOldestIsAMinuteOld() {
        finished(ALICE, NOON);
        finished(ALICE, NOON.plusSeconds(30));

        assertThat(finished(ALICE, NOON.plusMillis(59_999))).isEqualTo(Verdict.TOO_MANY_OF_PEER);
        assertThat(finished(ALICE, NOON.plusSeconds(60))).isEqualTo(Verdict.TAKEN);
        assertThat(finished(ALICE, NOON.plusSeconds(61))).isEqualTo(Verdict.TOO_MANY_OF_PEER);
    }

    @Test
    void takesOneAtATimeAndCountsNoneThatItRefuses() {
        table.begin(ALICE, NOON);

        assertThat(table.begin(ALICE, NOON)).isEqualTo(Verdict.TOO_MANY_AT_ONCE);
        table.end(ALICE);
        assertThat(table.begin(ALICE, NOON)).isEqualTo(Verdict.TAKEN);
        assertThat(table.underWay()).isEqualTo(1);
    }
}
