// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.io.PrintStream;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/// Which history a test lives through, and that whoever sees it fail is told.
///
/// Every failure names the seed: of the world, of an assertion outside of it, of a timeout. A test that
/// does not end at all names it too, on standard error, with where it is.
final class Seeds
        implements BeforeTestExecutionCallback,
                AfterTestExecutionCallback,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler {

    /// A test that lives through a history drawn from a seed.
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @ExtendWith(Seeds.class)
    @interface Named {}

    static final String PROPERTY = "simulation.seed";

    /// Longer than the longest test takes on a machine that has other things to do.
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    private static volatile long latest;

    private final Duration patience;
    private final PrintStream out;
    private CountDownLatch watched = new CountDownLatch(0);

    Seeds() {
        this(PATIENCE, System.err);
    }

    Seeds(Duration patience, PrintStream out) {
        this.patience = patience;
        this.out = out;
    }

    /// The one that `-Dsimulation.seed` names, else a new one in every run.
    static long seed() {
        var named = System.getProperty(PROPERTY);
        latest = named == null ? System.nanoTime() & 0xFFFF_FFFFL : Long.parseLong(named);
        return latest;
    }

    /// How to live through the history of `seed` again.
    static String named(long seed) {
        return "seed " + seed + " (run it again with -D" + PROPERTY + "=" + seed + ")";
    }

    // --- a test that fails

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable why) {
        throw told(why);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable why) {
        throw told(why);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable why) {
        throw told(why);
    }

    /// `why`, with the seed in its message.
    static AssertionError told(Throwable why) {
        var name = "-D" + PROPERTY + "=";
        if (why instanceof AssertionError error
                && String.valueOf(why.getMessage()).contains(name)) {
            return error;
        }
        return new AssertionError(named(latest) + ": " + why, why);
    }

    // --- a test that does not end

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        watch(Thread.currentThread(), context.getDisplayName());
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        stopWatching();
    }

    void watch(Thread test, String name) {
        var ended = new CountDownLatch(1);
        watched = ended;
        Thread.ofPlatform()
                .daemon()
                .name("seeds")
                .start(() -> {
                    try {
                        if (!ended.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                            out.println(
                                    name + " does not end; " + named(latest) + "\n" + stack(test));
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt(); // nobody does
                    }
                });
    }

    private static String stack(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .map(frame -> "    at " + frame)
                .collect(Collectors.joining("\n"));
    }

    void stopWatching() {
        watched.countDown();
    }
}
