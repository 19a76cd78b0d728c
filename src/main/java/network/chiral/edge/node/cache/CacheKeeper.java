// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import network.chiral.edge.node.SettingValue;

/// Saves the cache every minute while it changes, and at the end.
@Singleton
public class CacheKeeper {
    /// A disk that takes longer than this at shutdown is not waited for.
    private static final Duration LAST_SAVE_PATIENCE = Duration.ofMillis(1_500);

    private final PeerCache cache;
    private final PeerHistory history;
    private final HistoryRecorder recorder;
    private final Clock clock;
    private final Duration interval;
    private final SaveLoop saving = new SaveLoop("peer-cache", LAST_SAVE_PATIENCE);

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
        saving.start(this::saveIfChanged, interval);
    }

    private void saveIfChanged() {
        recorder.lookAround();
        if (history.isDirty()) {
            cache.save(clock.instant());
        }
    }

    /// Saves what there is, whether it changed or not. Waits a few seconds at most.
    public void saveNow() {
        saving.saveNow(() -> {
            recorder.lookAround();
            cache.save(clock.instant());
        });
    }

    /// Saves what changed since, and ends. Waits a few seconds at most.
    public void stop() {
        saving.stop(() -> {
            if (history.isDirty()) {
                cache.save(clock.instant());
            }
        });
    }
}
