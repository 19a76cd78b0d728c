// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.lang.reflect.Constructor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import network.chiral.edge.libp2p.swarm.Threads;
import org.jspecify.annotations.Nullable;

/// Time and threads of a simulated world.
///
/// All its virtual threads run on the one thread that calls [#run], one after the other, in an order
/// drawn from the seed. When none of them can go on, time jumps to the next timer. So nothing in here
/// needs a lock, and the same seed gives the same history.
final class Simulator implements Threads {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final int REMEMBERED = 40;

    /// A thousand nodes that each do a thousand things at once.
    private static final int MOST_STEPS_OF_A_MOMENT = 1_000_000;

    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    /// Something that happens at a time.
    final class Timer {
        private final long at;
        private final long order;
        private @Nullable Runnable task; // null once it is cancelled, so that it holds nothing

        private Timer(long at, Runnable task) {
            this.at = at;
            this.order = timersMade++;
            this.task = task;
        }

        void cancel() {
            task = null;
        }
    }

    private final long seed;
    private final SplittableRandom random;
    private final Thread carrier = Thread.currentThread();
    private final Thread.Builder.OfVirtual builder;
    private final List<Runnable> runnable = new ArrayList<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>((a, b) ->
                    a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.order, b.order));
    private final ArrayDeque<String> lately = new ArrayDeque<>();
    private final AtomicReference<Throwable> fault = new AtomicReference<>();
    private long now; // nanoseconds since START
    private long timersMade;
    private long steps;
    private long latestMoment;
    private int stepsOfAMoment;
    private long trace;
    private int alive;

    Simulator(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.builder = builder(this::runnable);
    }

    /// The JDK keeps the choice of a scheduler to its own tests; ours opens java.lang in surefire.
    private static Thread.Builder.OfVirtual builder(Executor scheduler) {
        try {
            Constructor<?> constructor =
                    Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                            .getDeclaredConstructor(Executor.class);
            constructor.setAccessible(true);
            return (Thread.Builder.OfVirtual) constructor.newInstance(scheduler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has no schedulers for virtual threads", e);
        }
    }

    /// Takes the continuation of a virtual thread that can go on.
    private void runnable(Runnable continuation) {
        var caller = Thread.currentThread();
        if (!caller.equals(carrier) && !caller.isVirtual()) {
            fail(new IllegalStateException("the machine's time came in: a timed wait of the JDK"));
            return;
        }
        runnable.add(continuation);
    }

    // --- what a world asks for

    long seed() {
        return seed;
    }

    SplittableRandom random() {
        return random;
    }

    /// Nanoseconds since the beginning.
    long now() {
        return now;
    }

    Instant instant() {
        return START.plusNanos(now);
    }

    Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException("the world has one zone");
            }

            @Override
            public Instant instant() {
                return Simulator.this.instant();
            }
        };
    }

    /// Virtual threads that have begun and not ended.
    int alive() {
        return alive;
    }

    /// Turns of threads and timers so far.
    long steps() {
        return steps;
    }

    /// A number that two runs have in common only if they went the same way.
    long trace() {
        return trace;
    }

    /// Makes `what` part of the history.
    void note(long what) {
        trace = Long.rotateLeft((trace ^ what) * MIX, 23);
    }

    /// Makes `what` part of the history and of the message where it ends badly.
    void tell(String what) {
        note(what.hashCode());
        if (lately.size() == REMEMBERED) {
            lately.removeFirst();
        }
        lately.add(Duration.ofNanos(now) + " " + what);
    }

    /// Ends the run: the first fault counts.
    void fail(Throwable why) {
        fault.compareAndSet(null, why);
    }

    void check(boolean holds, String otherwise) {
        if (!holds) {
            fail(new AssertionError(otherwise));
        }
    }

    // --- time

    /// Runs `task` on the simulator's own thread when `delay` has passed.
    Timer after(Duration delay, Runnable task) {
        var timer = new Timer(now + Math.max(0, delay.toNanos()), task);
        timers.add(timer);
        return timer;
    }

    /// A time to wait for something that happens every `mean` on the average, at random.
    Duration exponential(Duration mean) {
        return Duration.ofNanos((long) (-Math.log(1 - random.nextDouble()) * mean.toNanos()));
    }

    Duration between(Duration least, Duration most) {
        return least.plusNanos((long) (random.nextDouble() * most.minus(least).toNanos()));
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    // --- threads

    @Override
    public Thread start(String name, Runnable task) {
        var thread = builder.name(name).unstarted(() -> live(name, task));
        alive++;
        thread.start();
        return thread;
    }

    private void live(String name, Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            fail(new AssertionError("thread " + name + " threw", e));
        } finally {
            alive--;
        }
    }

    @Override
    public void sleep(Duration pause) throws InterruptedException {
        waitUntil(() -> false, now + pause.toNanos());
    }

    @Override
    public boolean acquire(Semaphore permits, Duration patience) throws InterruptedException {
        if (permits.tryAcquire()) {
            return true;
        }
        var thread = Thread.currentThread();
        var out = new boolean[1];
        var timer =
                after(
                        patience,
                        () -> {
                            out[0] = true;
                            thread.interrupt();
                        });
        try {
            permits.acquire();
            return true;
        } catch (InterruptedException e) {
            if (out[0]) {
                return false;
            }
            throw e;
        } finally {
            timer.cancel();
        }
    }

    /// Something that a thread waits for.
    interface Condition {
        boolean holds();
    }

    /// Parks the calling thread until `condition` holds or `deadline` has come; whoever changes what the
    /// condition looks at has to unpark the thread.
    ///
    /// @return false where the deadline came first
    boolean waitUntil(Condition condition, long deadline) throws InterruptedException {
        var thread = Thread.currentThread();
        Timer timer = null;
        try {
            while (!condition.holds()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (now >= deadline) {
                    return false;
                }
                if (timer == null && deadline != Long.MAX_VALUE) {
                    timer =
                            after(
                                    Duration.ofNanos(deadline - now),
                                    () -> LockSupport.unpark(thread));
                }
                LockSupport.park(this);
            }
            return true;
        } finally {
            if (timer != null) {
                timer.cancel();
            }
        }
    }

    // --- the run

    /// Lets `duration` pass.
    ///
    /// @throws AssertionError with the seed where something went wrong
    void run(Duration duration) {
        long end = now + duration.toNanos();
        while (fault.get() == null) {
            if (!runnable.isEmpty()) {
                checkThatItGoesOn(); // first: what runs on this thread takes its interrupts with it
                if (fault.get() == null) {
                    continueOne();
                }
            } else if (!timers.isEmpty() && timers.peek().at <= end) {
                ring(timers.poll());
            } else {
                now = end;
                return;
            }
        }
        throw new AssertionError(
                Seeds.named(seed)
                        + " after "
                        + Duration.ofNanos(now)
                        + "; lately:\n"
                        + String.join("\n", lately),
                fault.get());
    }

    private void checkThatItGoesOn() {
        if (carrier.isInterrupted()) {
            fail(new IllegalStateException("the run was interrupted"));
        }
        if (now != latestMoment) {
            latestMoment = now;
            stepsOfAMoment = 0;
        } else if (++stepsOfAMoment > MOST_STEPS_OF_A_MOMENT) {
            fail(new IllegalStateException("time stands still"));
        }
    }

    private void continueOne() {
        int last = runnable.size() - 1;
        int chosen = last == 0 ? 0 : random.nextInt(last + 1);
        var continuation = runnable.get(chosen);
        runnable.set(chosen, runnable.get(last));
        runnable.removeLast();
        steps++;
        note(now + chosen);
        continuation.run();
    }

    private void ring(Timer timer) {
        var task = timer.task;
        if (task == null) {
            return;
        }
        now = timer.at;
        steps++;
        note(now ^ timer.order);
        try {
            task.run();
        } catch (RuntimeException e) {
            fail(e);
        }
    }
}
