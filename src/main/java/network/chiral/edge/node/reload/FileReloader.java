// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reload;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import network.chiral.edge.libp2p.swarm.Threads;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Looks at all mounted files every few seconds, on a thread of its own.
@Singleton
public class FileReloader {
    private static final Logger LOG = Logger.getLogger(FileReloader.class);

    private final MeterRegistry registry;
    private final List<Watched> files = new CopyOnWriteArrayList<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private volatile @Nullable Thread thread;

    private static final class Watched {
        final ReloadedFile<?> file;
        volatile boolean good = true;
        volatile @Nullable String told; // the fault that was logged last

        Watched(ReloadedFile<?> file) {
            this.file = file;
        }
    }

    FileReloader(MeterRegistry registry) {
        this.registry = registry;
    }

    /// Reads `file` and looks after it from now on.
    ///
    /// @throws network.chiral.edge.node.BadConfiguration where it is a bad one
    public void add(ReloadedFile<?> file) {
        file.load();
        var watched = new Watched(file);
        Gauge.builder("chiral.file.good", () -> watched.good ? 1 : 0)
                .tag("key", file.key())
                .register(registry);
        files.add(watched);
        LOG.infof("Read: key=%s file=%s", file.key(), file.path());
    }

    /// A watched file.
    ///
    /// @param fault what is wrong with it; empty while nothing is
    public record View(String key, String path, Optional<String> fault) {}

    /// All watched files.
    public List<View> views() {
        return files.stream()
                .map(watched ->
                        new View(
                                watched.file.key(),
                                watched.file.path().toString(),
                                watched.good
                                        ? Optional.empty()
                                        : Optional.ofNullable(watched.told)))
                .toList();
    }

    /// Looks at all of them now.
    public void lookNow() {
        files.forEach(this::look);
    }

    public void start(Duration interval) {
        if (!files.isEmpty()) {
            thread = Threads.VIRTUAL.start("file reloader", () -> run(interval));
        }
    }

    /// Looks no more.
    public void stop() {
        stopped.set(true);
        var running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void run(Duration interval) {
        try {
            while (!stopped.get()) {
                Threads.VIRTUAL.sleep(interval);
                files.forEach(this::look);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void look(Watched watched) {
        var file = watched.file;
        switch (file.look()) {
            case SAME -> recovered(watched);
            case CHANGED -> {
                recovered(watched);
                count(file, "changed");
                LOG.infof("Read again: key=%s file=%s", file.key(), file.path());
            }
            case BAD -> {
                watched.good = false;
                if (!Objects.equals(watched.told, file.fault())) { // once for each fault
                    watched.told = file.fault();
                    count(file, "bad");
                    LOG.warnf(
                            "A file is bad and what it said before stays in force: key=%s file=%s"
                                    + " fault=%s",
                            file.key(), file.path(), file.fault());
                }
            }
        }
    }

    private static void recovered(Watched watched) {
        watched.good = true;
        watched.told = null;
    }

    private void count(ReloadedFile<?> file, String outcome) {
        registry.counter("chiral.file.reloads", "key", file.key(), "outcome", outcome).increment();
    }
}
