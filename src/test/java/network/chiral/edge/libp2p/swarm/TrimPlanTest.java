// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.swarm.TrimPlan.Candidate;
import org.junit.jupiter.api.Test;

class TrimPlanTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration NEVER = Duration.ZERO;

    private static TrimRules water(int high, int low) {
        return new TrimRules(high, low, MINUTE, NEVER, MINUTE);
    }

    private static Candidate<String> unused(String name, double value, int minutes) {
        var age = Duration.ofMinutes(minutes);
        return new Candidate<>(name, false, false, value, age, age);
    }

    private static Candidate<String> busy(String name, int minutes) {
        return new Candidate<>(name, false, true, 0, Duration.ofMinutes(minutes), NEVER);
    }

    private static Candidate<String> kept(String name, int minutes) {
        var age = Duration.ofMinutes(minutes);
        return new Candidate<>(name, true, false, 0, age, age);
    }

    @Test
    void leavesAllAloneUpToTheHighMark() {
        var all = List.of(unused("a", 0, 60), unused("b", 0, 60));

        assertThat(TrimPlan.of(all, water(2, 1))).isEmpty();
    }

    @Test
    @Clause("conn-6")
    void closesDownToTheLowMarkBeginningWithTheYoungestThatNobodyUses() {
        var all =
                List.of(
                        busy("busy", 2),
                        unused("old", 0, 60),
                        unused("young", 0, 3),
                        busy("b2", 60));

        var plan = TrimPlan.of(all, water(3, 2));

        assertThat(plan).containsOnlyKeys("young", "old");
        assertThat(plan).containsEntry("old", TrimReason.HIGH_WATER);
        assertThat(plan.keySet()).startsWith("young");
    }

    @Test
    void closesWhatIsWorthLessBeforeWhatIsWorthMore() {
        var all = List.of(unused("good", 0.8, 2), unused("stranger", 0, 60), unused("c", 0.1, 9));

        assertThat(TrimPlan.of(all, water(2, 2))).containsOnlyKeys("stranger");
    }

    @Test
    void closesBusyOnesWhereThereIsNothingElse() {
        var all = List.of(busy("a", 9), busy("b", 2), kept("c", 1));

        assertThat(TrimPlan.of(all, water(2, 2))).containsOnlyKeys("b");
    }

    @Test
    @Clause("R19")
    void neverClosesWhatIsKeptHoweverManyThereAre() {
        var all = List.of(kept("a", 60), kept("b", 60), kept("c", 60));

        assertThat(TrimPlan.of(all, new TrimRules(1, 0, NEVER, MINUTE, MINUTE))).isEmpty();
    }

    @Test
    void leavesAConnectionAloneInItsGrace() {
        var all = List.of(unused("a", 0, 0), unused("b", 0, 0), unused("c", 0, 5));

        assertThat(TrimPlan.of(all, water(1, 0))).containsOnlyKeys("c");
    }

    @Test
    void closesWhatWasNotUsedForTooLongWithAnyNumberOpen() {
        var rules = new TrimRules(0, 0, MINUTE, Duration.ofMinutes(5), MINUTE);
        var all = List.of(unused("idle", 1, 5), unused("not yet", 0, 4), busy("busy", 60));

        assertThat(TrimPlan.of(all, rules)).containsOnlyKeys("idle").containsValue(TrimReason.IDLE);
    }

    @Test
    void countsTheIdleOnesAgainstTheHighMarkToo() {
        var rules = new TrimRules(3, 2, MINUTE, Duration.ofMinutes(5), MINUTE);
        var all = List.of(unused("a", 0, 5), unused("b", 0, 4), busy("c", 60), busy("d", 60));

        assertThat(TrimPlan.of(all, rules)).containsOnlyKeys("a", "b");
    }
}
