// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.events;

import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Duration;
import network.chiral.edge.libp2p.swarm.Threads;
import org.jspecify.annotations.Nullable;

/// Takes a sample every ten seconds and keeps those of the last hour.
@Singleton
public class HistorySampler {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final int CAPACITY = 360;

    private final Pulse pulse;
    private final SampleTable samples = new SampleTable(CAPACITY);
    private volatile @Nullable Thread thread;

    HistorySampler(Pulse pulse) {
        this.pulse = pulse;
    }

    public void start() {
        samples.add(pulse.now());
        thread = Threads.VIRTUAL.start("admin-history", this::run);
    }

    private void run() {
        try {
            while (true) {
                Threads.VIRTUAL.sleep(INTERVAL);
                samples.add(pulse.now());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Takes no more.
    public void stop() {
        var running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    /// What there is, in columns.
    public JsonObject json() {
        return new JsonObject()
                .put("intervalSeconds", INTERVAL.toSeconds())
                .put("capacity", CAPACITY)
                .put("samples", samples.columns());
    }
}
