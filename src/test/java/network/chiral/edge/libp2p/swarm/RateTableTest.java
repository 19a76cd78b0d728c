// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RateTableTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private final RateTable<Object> table = new RateTable<>(new Rate(3, Duration.ofMinutes(2)));

    private int taken(Object key, Instant now) {
        int count = 0;
        while (count < 100 && table.take(key, now)) {
            count++;
        }
        return count;
    }

    @Test
    void givesABurstAndThenOneAtATime() {
        assertThat(taken("a", NOON)).isEqualTo(3);
        assertThat(taken("a", NOON.plusSeconds(119))).isZero();
        assertThat(taken("a", NOON.plusSeconds(120))).isEqualTo(1);
        assertThat(taken("a", NOON.plusSeconds(120 + 360))).isEqualTo(3);
        assertThat(taken("a", NOON.plus(Duration.ofDays(1)))).isEqualTo(3);
    }

    @Test
    void countsEachKeyForItself() {
        taken("a", NOON);

        assertThat(taken("b", NOON)).isEqualTo(3);
    }

    @Test
    void givesBackWhatWasTakenForNothing() {
        taken("a", NOON);

        table.giveBack("a");

        assertThat(taken("a", NOON)).isEqualTo(1);
    }

    @Test
    void remembersNoBucketThatIsFull() {
        for (int i = 0; i < 1_000; i++) {
            table.take(i, NOON);
        }
        assertThat(table.size()).isEqualTo(1_000);

        for (int i = 0; i < 1_000; i++) {
            table.take("later", NOON.plus(Duration.ofMinutes(2 + i)));
        }

        assertThat(table.size()).isLessThanOrEqualTo(2);
    }

    @Test
    void remembersNoMoreThanItsBound() {
        for (int i = 0; i < 2 * RateTable.MAX_KEYS; i++) {
            table.take(i, NOON);
        }

        assertThat(table.size()).isEqualTo(RateTable.MAX_KEYS);
    }

    @Test
    void keepsABucketEmptyNoLongerThanItTakesToFillWhereTheClockIsPutBack() {
        taken("a", NOON);

        assertThat(taken("a", NOON.minus(Duration.ofDays(1)))).isZero();
        assertThat(taken("a", NOON.minus(Duration.ofDays(1)).plusSeconds(360))).isEqualTo(3);
    }

    @Test
    void limitsNothingWithoutARate() {
        var open = new RateTable<String>(Rate.NONE);

        for (int i = 0; i < 10_000; i++) {
            assertThat(open.take("a", NOON)).isTrue();
        }

        assertThat(open.size()).isZero();
    }
}
