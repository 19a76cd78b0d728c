// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.memory;

import io.quarkus.runtime.ImageMode;
import jakarta.inject.Singleton;
import java.time.Duration;
import network.chiral.edge.libp2p.host.Host;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Gives memory back after the start, and after a crowd has come or left.
///
/// A collector grows the heap while peers come and has no reason to look at it once they are there, or
/// gone: then nothing is allocated any more. An orchestrator sees that as memory in use.
@Singleton
public class MemoryKeeper {
    private static final Logger LOG = Logger.getLogger(MemoryKeeper.class);

    /// Between two looks at how many peers there are: an idle minute gives all back.
    private static final Duration LOOK_EVERY = Duration.ofSeconds(15);

    /// By then all that runs only once has run.
    private static final Duration START_TAKES = Duration.ofSeconds(3);

    private final Host host;
    private final ReliefRule rule = new ReliefRule();
    private @Nullable Thread thread;

    MemoryKeeper(Host host) {
        this.host = host;
    }

    /// Begins to look. Called once the node listens.
    public synchronized void start() {
        thread = Thread.ofVirtual().name("memory-keeper").start(this::look);
    }

    private void look() {
        try {
            Thread.sleep(START_TAKES);
            relieve();
            while (true) {
                Thread.sleep(LOOK_EVERY);
                if (rule.isDue(host.connectionCount() + host.relay().circuitCount())) {
                    relieve();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("GarbageCollectorCall") // nothing else tells the collector that it is over
    private void relieve() {
        long began = System.nanoTime();
        host.trimBuffers();
        System.gc();
        if (ImageMode.current() == ImageMode.NATIVE_RUN) {
            NativePages.release();
        }
        LOG.debugf(
                "Gave memory back: ms=%d", Duration.ofNanos(System.nanoTime() - began).toMillis());
    }

    /// Looks no more.
    public synchronized void stop() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
