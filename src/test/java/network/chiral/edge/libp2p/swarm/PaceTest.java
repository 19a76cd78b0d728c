// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void letsASecondsWorthGoAndThenWaitsUntilTheDebtIsPaid() {
        var pace = new Pace(1_000, 0);

        pace.pay(1_000, 0);
        assertThat(pace.isOpen(0)).isTrue();
        pace.pay(2_000, 0);

        assertThat(pace.isOpen(0)).isFalse();
        assertThat(pace.isOpen(2 * SECOND - 1_000_000)).isFalse();
        assertThat(pace.isOpen(2 * SECOND)).isTrue();
    }

    @Test
    void savesNoMoreThanASecondsWorth() {
        var pace = new Pace(1_000, 0);

        pace.pay(1_001, 3_600 * SECOND);

        assertThat(pace.isOpen(3_600 * SECOND)).isFalse();
    }

    @Test
    void carriesOnAverageWhatItSays() {
        var pace = new Pace(10_000, 0);
        long carried = 0;

        for (long now = 0; now < 100 * SECOND; now += SECOND / 10) {
            while (pace.isOpen(now)) {
                pace.pay(700, now);
                carried += 700;
            }
        }

        assertThat(carried).isBetween(990_000L, 1_020_000L);
    }
}
