// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SimulatorTest {
    private final Simulator simulator = new Simulator(Seeds.seed());
    private final List<String> story = new ArrayList<>();

    @Test
    void anHourOfSleepTakesNoTime() {
        simulator.start("sleeper", () -> sleep(Duration.ofHours(1), "awake"));

        simulator.run(Duration.ofHours(2));

        assertThat(story).containsExactly("PT1H awake");
        assertThat(simulator.instant()).isEqualTo(Simulator.START.plus(Duration.ofHours(2)));
        assertThat(simulator.alive()).isZero();
    }

    @Test
    void whatHappensLaterHappensAfterwards() {
        simulator.start("slow", () -> sleep(Duration.ofSeconds(2), "slow"));
        simulator.start("fast", () -> sleep(Duration.ofSeconds(1), "fast"));

        simulator.run(Duration.ofSeconds(3));

        assertThat(story).containsExactly("PT1S fast", "PT2S slow");
    }

    @Test
    void whoGoesFirstAmongThoseWhoCanIsTheSeedsChoice() {
        var orders = new ArrayList<List<String>>();
        for (long seed = 0; seed < 20; seed++) {
            var one = new Simulator(seed);
            var order = new ArrayList<String>();
            one.start("first", () -> order.add("first"));
            one.start("second", () -> order.add("second"));
            one.run(Duration.ZERO);
            orders.add(order);
        }

        assertThat(orders).contains(List.of("first", "second"), List.of("second", "first"));
    }

    @Test
    void aThreadThatAThreadStartsRunsInTheSameWorld() {
        simulator.start(
                "parent",
                () -> Thread.ofVirtual().start(() -> sleep(Duration.ofSeconds(5), "child")));

        simulator.run(Duration.ofSeconds(5));

        assertThat(story).containsExactly("PT5S child");
    }

    @Test
    void waitingForAPermitEndsWithThePermitOrWithThePatience() {
        var permits = new Semaphore(0);
        simulator.start("patient", () -> acquire(permits, Duration.ofSeconds(10)));
        simulator.start("impatient", () -> acquire(permits, Duration.ofSeconds(1)));
        simulator.after(Duration.ofSeconds(2), permits::release);

        simulator.run(Duration.ofMinutes(1));

        assertThat(story).containsExactly("PT1S false", "PT2S true");
        assertThat(permits.availablePermits()).isZero();
    }

    @Test
    void aThreadThatFailsEndsTheRunAndNamesTheSeed() {
        simulator.start(
                "unlucky",
                () -> {
                    throw new IllegalStateException("no luck");
                });

        assertThatThrownBy(() -> simulator.run(Duration.ofSeconds(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dsimulation.seed=" + simulator.seed())
                .hasStackTraceContaining("no luck");
    }

    @Test
    void theMachinesTimeIsNotLetIn() {
        simulator.start("elsewhere", () -> LockSupport.parkNanos(10_000_000));

        assertThatThrownBy(
                        () -> {
                            while (!Thread.currentThread().isInterrupted()) {
                                simulator.run(Duration.ZERO);
                                Thread.onSpinWait();
                            }
                        })
                .hasStackTraceContaining("the machine's time came in");
    }

    private void sleep(Duration pause, String what) {
        try {
            simulator.sleep(pause);
            story.add(Duration.ofNanos(simulator.now()) + " " + what);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void acquire(Semaphore permits, Duration patience) {
        try {
            boolean acquired = simulator.acquire(permits, patience);
            story.add(Duration.ofNanos(simulator.now()) + " " + acquired);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
