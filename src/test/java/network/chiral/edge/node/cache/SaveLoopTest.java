// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import network.chiral.edge.libp2p.testing.Eventually;
import org.junit.jupiter.api.Test;

class SaveLoopTest {
    private final AtomicInteger saves = new AtomicInteger();

    @Test
    void savesAgainAndAgainAndALastTimeAtTheEnd() {
        var loop = new SaveLoop("test", Duration.ofSeconds(30));
        loop.start(saves::incrementAndGet, Duration.ofMillis(1));
        Eventually.holds("saved twice", () -> saves.get() >= 2);
        var last = new AtomicInteger();

        loop.stop(last::incrementAndGet);

        assertThat(last).hasValue(1);
    }

    @Test
    void waitsForASaveThatIsAskedFor() {
        var loop = new SaveLoop("test", Duration.ofSeconds(30));

        loop.saveNow(saves::incrementAndGet);

        assertThat(saves).hasValue(1);
        loop.stop(() -> {});
    }

    @Test
    void waitsNoLongerThanItHasPatience() {
        var disk = new CountDownLatch(1);
        var loop = new SaveLoop("test", Duration.ofMillis(1));

        loop.stop(() -> {
            try {
                disk.await();
                saves.incrementAndGet();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        assertThat(saves).hasValue(0);
        disk.countDown();
        Eventually.holds("it saves all the same", () -> saves.get() == 1);
    }

    @Test
    void survivesASaveThatFails() {
        var loop = new SaveLoop("test", Duration.ofSeconds(30));

        loop.saveNow(() -> {
            throw new IllegalStateException("the disk is full");
        });
        loop.stop(saves::incrementAndGet);

        assertThat(saves).hasValue(1);
    }
}
