// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import network.chiral.edge.libp2p.swarm.Threads;

/// One search under way: asks several peers at once, each on a thread of its own, until it is over or
/// its time is.
final class Query {
    /// Puts the question to one peer.
    @FunctionalInterface
    interface Question {
        KadAnswer ask(KadPeer peer) throws IOException, InterruptedException;
    }

    private final ClosestPeers closest;
    private final Question question;
    private final Predicate<KadAnswer> enough;
    private final Threads threads;
    private final Semaphore changed = new Semaphore(0); // once for each answer, failure and alarm
    private final List<Thread> asking = new ArrayList<>(); // guarded by this, as all below
    private final List<KadAnswer> answers = new ArrayList<>();
    private boolean satisfied;
    private boolean late;

    /// @param enough ends the search
    Query(ClosestPeers closest, Question question, Predicate<KadAnswer> enough, Threads threads) {
        this.closest = closest;
        this.question = question;
        this.enough = enough;
        this.threads = threads;
    }

    /// Searches from `seeds` on. Blocks for `patience` at most.
    void run(Collection<KadPeer> seeds, Duration patience) throws InterruptedException {
        synchronized (this) {
            closest.heardOf(seeds);
        }
        var alarm = threads.start("kad-deadline", () -> ring(patience));
        try {
            converse();
        } finally {
            alarm.interrupt();
            synchronized (this) {
                asking.forEach(Thread::interrupt);
            }
        }
    }

    private void ring(Duration patience) {
        try {
            threads.sleep(patience);
            synchronized (this) {
                late = true;
            }
            changed.release();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is over in time
        }
    }

    /// Waits outside of the lock, and not on it: a wait that the simulated world can see.
    private void converse() throws InterruptedException {
        while (true) {
            synchronized (this) {
                if (satisfied || late) {
                    return;
                }
                switch (closest.next()) {
                    case ClosestPeers.Step.Ask(var peer) -> {
                        asking.add(threads.start("kad-ask", () -> ask(peer)));
                        continue;
                    }
                    case ClosestPeers.Step.Await() -> {}
                    case ClosestPeers.Step.Done() -> {
                        return;
                    }
                }
            }
            changed.acquire();
        }
    }

    private void ask(KadPeer peer) {
        try {
            var answer = question.ask(peer);
            synchronized (this) {
                answers.add(answer);
                satisfied |= enough.test(answer);
                closest.onAnswer(peer, answer.closer());
            }
        } catch (IOException e) {
            failed(peer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed(peer);
        } finally {
            synchronized (this) {
                asking.remove(Thread.currentThread());
            }
            changed.release();
        }
    }

    private synchronized void failed(KadPeer peer) {
        closest.onFailure(peer);
    }

    /// The nearest that have answered.
    synchronized List<KadPeer> nearest() {
        return closest.answered();
    }

    synchronized List<KadAnswer> answers() {
        return List.copyOf(answers);
    }

    synchronized boolean isLate() {
        return late;
    }

    synchronized int asked() {
        return closest.asked();
    }
}
