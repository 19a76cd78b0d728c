// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Threads and waiting for what a protocol does of its own accord: virtual threads and the machine's
/// time in a node, a simulated world in a test.
public interface Threads {
    /// Virtual threads of the machine.
    Threads VIRTUAL =
            new Threads() {
                @Override
                public Thread start(String name, Runnable task) {
                    return Thread.ofVirtual().name(name).start(task);
                }

                @Override
                public void sleep(Duration pause) throws InterruptedException {
                    Thread.sleep(pause);
                }

                @Override
                public boolean acquire(Semaphore permits, Duration patience)
                        throws InterruptedException {
                    return permits.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
                }
            };

    /// Runs `task` on a thread of its own.
    Thread start(String name, Runnable task);

    /// Runs each task on a thread of its own, all of this name.
    default Executor executor(String name) {
        return task -> start(name, task);
    }

    /// Lets the calling thread wait for `pause`.
    void sleep(Duration pause) throws InterruptedException;

    /// Lets the calling thread wait for one of `permits`; false where none came within `patience`.
    boolean acquire(Semaphore permits, Duration patience) throws InterruptedException;
}
