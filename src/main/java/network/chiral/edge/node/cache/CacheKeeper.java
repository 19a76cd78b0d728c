// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

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
    private final CacheSettings settings;
    private @Nullable CacheLock owned;
    private final SaveLoop saving = new SaveLoop("peer-cache", LAST_SAVE_PATIENCE);

    CacheKeeper(
            PeerCache cache,
            PeerHistory history,
            HistoryRecorder recorder,
            CacheSettings settings,
            Clock clock) {
        this.cache = cache;
        this.history = history;
        this.recorder = recorder;
        this.clock = clock;
        this.settings = settings;
    }

    /// Says to the commands of a shell that this process owns the file, before it is read.
    public void claim() {
        switch (CacheLock.tryTake(settings.file())) {
            case CacheLock.Taken(var lock) -> owned = lock;
            case CacheLock.Held() ->
                    LOG.warnf(
                            "Another process owns the peer cache, each will overwrite the other's:"
                                    + " path=%s",
                            settings.file());
            case CacheLock.Impossible(var reason) ->
                    LOG.debugf("The peer cache cannot be claimed: reason=%s", reason);
        }
    }

    /// Begins to save.
    public void start() {
        saving.start(this::saveIfChanged, settings.saveInterval());
    }

    private void saveIfChanged() {
        recorder.lookAround();
        if (history.isDirty()) {
            cache.save(clock.instant());
        }
    }

    /// Saves what there is, whether it changed or not. Waits a few seconds at most.
    ///
    /// @return how that went; empty where the disk takes longer
    public Optional<SaveOutcome> saveNow() {
        var done = new AtomicReference<Optional<SaveOutcome>>(Optional.empty());
        saving.saveNow(() -> {
            recorder.lookAround();
            done.set(Optional.of(cache.save(clock.instant())));
        });
        return done.get();
    }

    /// Saves what changed since, and ends. Waits a few seconds at most.
    public void stop() {
        saving.stop(() -> {
            if (history.isDirty()) {
                cache.save(clock.instant());
            }
        });
        var lock = owned;
        if (lock != null) {
            lock.close();
        }
    }
}
