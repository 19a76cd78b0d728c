// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import network.chiral.edge.node.SettingValue;
import org.jboss.logging.Logger;

/// Saves the cache every minute while it changes, and at the end.
@Singleton
public class CacheKeeper {
    private static final Logger LOG = Logger.getLogger(CacheKeeper.class);

    /// A disk that takes longer than this at shutdown is not waited for.
    private static final Duration LAST_SAVE_PATIENCE = Duration.ofMillis(1_500);

    private final PeerCache cache;
    private final PeerHistory history;
    private final HistoryRecorder recorder;
    private final Clock clock;
    private final Duration interval;
    private final ScheduledExecutorService worker =
            Executors.newSingleThreadScheduledExecutor(task -> {
                var thread = new Thread(task, "peer-cache");
                thread.setDaemon(true);
                return thread;
            });

    CacheKeeper(
            PeerCache cache,
            PeerHistory history,
            HistoryRecorder recorder,
            CacheConfig config,
            Clock clock) {
        this.cache = cache;
        this.history = history;
        this.recorder = recorder;
        this.clock = clock;
        this.interval =
                SettingValue.duration(
                        "chiral.cache.save-interval", config.saveInterval(), Duration.ofSeconds(1));
    }

    /// Begins to save.
    public void start() {
        worker.scheduleWithFixedDelay(
                this::saveIfChanged,
                interval.toMillis(),
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void saveIfChanged() {
        recorder.lookAround();
        if (history.isDirty()) {
            cache.save(clock.instant());
        }
    }

    /// Saves what there is, whether it changed or not. Waits a few seconds at most.
    public void saveNow() {
        await(
                worker.submit(() -> {
                    recorder.lookAround();
                    cache.save(clock.instant());
                }));
    }

    /// Saves what changed since, and ends. Waits a few seconds at most.
    public void stop() {
        var last =
                worker.submit(() -> {
                    if (history.isDirty()) {
                        cache.save(clock.instant());
                    }
                });
        worker.shutdown();
        await(last);
    }

    private static void await(Future<?> save) {
        try {
            save.get(LAST_SAVE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf("The peer cache was not saved: reason=%s", e);
        }
    }
}
