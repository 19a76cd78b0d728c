// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reconnect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import network.chiral.edge.node.reconnect.ReconnectRounds.Round;
import org.junit.jupiter.api.Test;

class ReconnectRoundsTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final ReconnectPlan PLAN = new ReconnectPlan(4, 1, List.of());

    private final ReconnectRounds rounds = new ReconnectRounds(Clock.fixed(NOON, ZoneOffset.UTC));

    @Test
    void tellsHowFarARoundIsAndWhenItIsOver() {
        var told = new ArrayList<Round>();
        rounds.onProgress(told::add);

        rounds.begin(PLAN);
        rounds.ended(DialOutcome.CONNECTED);
        rounds.ended(DialOutcome.FAILED);
        rounds.over(Duration.ofSeconds(5));

        assertThat(told).extracting(Round::ended).containsExactly(0, 1, 2, 2);
        assertThat(told).extracting(Round::over).containsExactly(false, false, false, true);
        assertThat(told.getLast().outcomes())
                .isEqualTo(Map.of(DialOutcome.CONNECTED, 1, DialOutcome.FAILED, 1));
        assertThat(told.getLast().took()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void remembersABoundedNumberTheYoungestFirst() {
        for (int i = 0; i < 2 * ReconnectRounds.KEPT; i++) {
            rounds.begin(PLAN);
        }

        assertThat(rounds.latest()).hasSize(ReconnectRounds.KEPT);
        assertThat(rounds.latest().getFirst().number()).isEqualTo(2 * ReconnectRounds.KEPT);
    }
}
