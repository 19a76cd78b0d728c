// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/// One thread that saves something now and then, and a last time at the end; a slow disk holds nobody up
/// for long.
public final class SaveLoop {
    private static final Logger LOG = Logger.getLogger(SaveLoop.class);

    private final String name;
    private final Duration patience;
    private final ScheduledExecutorService worker;

    /// @param name of the thread, and of what is saved, in the log
    /// @param patience for a disk, where somebody waits for the save
    public SaveLoop(String name, Duration patience) {
        this.name = name;
        this.patience = patience;
        this.worker =
                Executors.newSingleThreadScheduledExecutor(task -> {
                    var thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /// Runs `save` again and again, `interval` after the last one has ended.
    public void start(Runnable save, Duration interval) {
        worker.scheduleWithFixedDelay(
                save, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Runs `save` once, behind what is being saved, and waits for it as long as patience allows.
    public void saveNow(Runnable save) {
        await(worker.submit(save));
    }

    /// Runs `save` a last time, and ends.
    public void stop(Runnable save) {
        var last = worker.submit(save);
        worker.shutdown();
        await(last);
    }

    private void await(Future<?> save) {
        try {
            save.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf("Not saved: what=%s reason=%s", name, e);
        }
    }
}
