// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Waits for what has no event to wait for.
final class Patience {
    private static final Duration STEP = Duration.ofMillis(50);

    private Patience() {}

    /// Asks until the answer is good.
    ///
    /// @return the good answer
    /// @throws AssertionError with the last answer where none was good in time
    static <T> T until(Duration patience, Supplier<T> question, Predicate<T> good) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            var answer = question.get();
            if (good.test(answer)) {
                return answer;
            }
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError("not within " + patience + "; the last answer: " + answer);
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    /// For what has to stay as it is for a while, and is allowed to take that long.
    static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
