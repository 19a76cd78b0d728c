// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoopTimersTest {
    private static final int PERIOD = 10;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final EventLoop loop = channel.eventLoop();
    private final LoopTimers timers;

    LoopTimersTest() {
        channel.freezeTime();
        timers = new LoopTimers(loop, PERIOD);
    }

    private static final class Counter implements LoopTimers.Ticked {
        int ticks;

        @Override
        public void onTick(long now) {
            ticks++;
        }
    }

    private void seconds(int count) {
        for (int i = 0; i < count; i++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    @Test
    void ticksOnceASecondWhatHasADeadline() {
        var counter = new Counter();
        timers.add(loop, counter);

        seconds(3);
        timers.remove(loop, counter);
        seconds(3);

        assertThat(counter.ticks).isEqualTo(3);
    }

    @Test
    void visitsEachOnceInAPeriod() {
        var visited = IntStream.range(0, 1_000).mapToObj(_ -> new Counter()).toList();
        visited.forEach(one -> timers.visit(loop, one));

        seconds(2 * PERIOD);

        assertThat(visited).allSatisfy(one -> assertThat(one.ticks).isEqualTo(2));
    }

    @Test
    void visitsAPartWithEachTick() {
        var visited = IntStream.range(0, 1_000).mapToObj(_ -> new Counter()).toList();
        visited.forEach(one -> timers.visit(loop, one));

        for (int tick = 1; tick < PERIOD; tick++) {
            seconds(1);
            int sum = visited.stream().mapToInt(one -> one.ticks).sum();
            assertThat(sum).isBetween(50 * tick, 1_000 - 50 * (PERIOD - tick));
        }
    }

    @Test
    void visitsNobodyWhoHasLeft() {
        var counter = new Counter();
        timers.visit(loop, counter);
        timers.visitNoMore(loop, counter);

        seconds(2 * PERIOD);

        assertThat(counter.ticks).isZero();
    }

    @Test
    void mayChangeWhileItTicks() {
        var left = new ArrayList<Counter>();
        var came = new Counter();
        var all = new ArrayList<LoopTimers.Ticked>();
        for (int i = 0; i < 20; i++) {
            var bystander = new Counter();
            left.add(bystander);
            all.add(_ -> {
                timers.remove(loop, bystander);
                timers.add(loop, came);
            });
            all.add(bystander);
        }
        all.forEach(one -> timers.add(loop, one));

        seconds(1);
        assertThat(came.ticks).isZero();
        seconds(1);

        assertThat(left).extracting(one -> one.ticks).containsOnly(0);
        assertThat(came.ticks).isEqualTo(1);
    }

    @Test
    void showsThatTheLoopIsAlive() {
        seconds(1);

        assertThat(timers.staleNanos()).isLessThan(TimeUnit.MINUTES.toNanos(1));
    }

    @Test
    void tellsAllThatHasADeadlineOfTheShutdown() {
        var told = new ArrayList<Integer>();
        for (int i : List.of(1, 2)) {
            timers.add(
                    loop,
                    new LoopTimers.Ticked() {
                        @Override
                        public void onTick(long now) {}

                        @Override
                        public void onShutdown() {
                            told.add(i);
                        }
                    });
        }

        timers.endHandshakes();
        channel.runPendingTasks();

        assertThat(told).containsExactly(1, 2);
    }
}
