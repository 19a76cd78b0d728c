// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import network.chiral.edge.node.api.events.Pulse.Moment;
import org.junit.jupiter.api.Test;

class SampleTableTest {
    private static final Instant NOON = Instant.ofEpochSecond(1_000);

    private static Moment moment(int seconds, long bytes, long refusals, double hitRate) {
        return new Moment(NOON.plusSeconds(seconds), 1, 2, 3, 4, bytes, refusals, 5, 6, hitRate);
    }

    @Test
    void tellsTheSpeedBetweenTwoSamples() {
        var table = new SampleTable(4);
        table.add(moment(0, 500, 7, Double.NaN));

        table.add(moment(10, 1_500, 9, 0.5));

        var columns = table.columns();
        assertThat(columns.getJsonArray("at")).containsExactly(1_000, 1_010);
        assertThat(columns.getJsonArray("bytesPerSecond")).containsExactly(0L, 100L);
        assertThat(columns.getJsonArray("refusals")).containsExactly(0, 2);
        assertThat(columns.getJsonArray("hitRate")).containsExactly(null, 0.5);
        assertThat(columns.getJsonArray("circuits")).containsExactly(4, 4);
    }

    @Test
    void keepsTheYoungestInTheirOrder() {
        var table = new SampleTable(3);

        for (int i = 0; i < 8; i++) {
            table.add(moment(10 * i, 0, 0, 1));
        }

        assertThat(table.columns().getJsonArray("at")).containsExactly(1_050, 1_060, 1_070);
    }

    /// A circuit's bytes may be missing for a moment while it ends.
    @Test
    void isNeverSlowerThanNothing() {
        var table = new SampleTable(3);
        table.add(moment(0, 1_000, 0, 1));
        table.add(moment(10, 400, 0, 1));

        table.add(moment(20, 1_100, 0, 1));

        assertThat(table.columns().getJsonArray("bytesPerSecond")).containsExactly(0L, 0L, 10L);
    }
}
