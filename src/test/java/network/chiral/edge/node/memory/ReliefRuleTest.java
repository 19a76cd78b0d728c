// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReliefRuleTest {
    private final ReliefRule rule = new ReliefRule();

    @Test
    void isDueOnceWhenACrowdHasCome() {
        assertThat(rule.isDue(500)).isFalse();
        assertThat(rule.isDue(900)).isFalse();
        assertThat(rule.isDue(930)).isTrue();
        assertThat(rule.isDue(930)).isFalse();
    }

    @Test
    void isNotDueWhereACollectionWouldTakeLong() {
        rule.isDue(2049);

        assertThat(rule.isDue(2049)).isFalse();
    }

    @Test
    void isNotDueForAFewMoreThanThereWere() {
        rule.isDue(1000);
        rule.isDue(1000);

        rule.isDue(1900);
        assertThat(rule.isDue(1900)).isFalse();
        assertThat(rule.isDue(2000)).isTrue();
    }

    @Test
    void isDueOnceWhenHalfOfACrowdHasLeft() {
        rule.isDue(1000);
        rule.isDue(500);

        assertThat(rule.isDue(500)).isTrue();
        assertThat(rule.isDue(500)).isFalse();
    }

    @Test
    void waitsUntilNobodyLeavesAnyMore() {
        rule.isDue(1000);

        assertThat(rule.isDue(400)).isFalse();
        assertThat(rule.isDue(100)).isFalse();
        assertThat(rule.isDue(100)).isTrue();
    }

    @Test
    void isNotDueWhileMoreThanHalfIsThere() {
        rule.isDue(1000);
        rule.isDue(1000);
        rule.isDue(501);

        assertThat(rule.isDue(501)).isFalse();
    }

    @Test
    void isNotDueForAHandful() {
        rule.isDue(127);
        rule.isDue(0);

        assertThat(rule.isDue(0)).isFalse();
    }

    @Test
    void isDueAgainForTheNextCrowd() {
        rule.isDue(1000);
        rule.isDue(0);
        rule.isDue(0);

        rule.isDue(200);
        rule.isDue(0);

        assertThat(rule.isDue(0)).isTrue();
    }
}
