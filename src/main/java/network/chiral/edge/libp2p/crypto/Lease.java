// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/// Keeps what many threads use from being freed meanwhile: uses share it, the end waits for them.
final class Lease {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean ended;

    /// @throws IllegalStateException after the end
    <T> T use(Supplier<T> what) {
        lock.readLock().lock();
        try {
            if (ended) {
                throw new IllegalStateException("the key pair is closed");
            }
            return what.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /// Frees it, the first time.
    void end(Runnable free) {
        lock.writeLock().lock();
        try {
            if (!ended) {
                ended = true;
                free.run();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
