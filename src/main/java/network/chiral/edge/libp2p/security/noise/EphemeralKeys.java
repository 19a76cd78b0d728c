// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.security.noise;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.crypto.X25519KeyPair;
import org.jspecify.annotations.Nullable;

/// Ephemeral keys that were made before the handshakes that need them, off the event loops. Each is
/// given out once. Safe for use by many threads.
///
/// Nothing is made before the first is asked for, and in a burst of more than there are, who asks makes
/// its own.
final class EphemeralKeys implements AutoCloseable {
    /// A second's worth of a node where 32 peers a second arrive; some 20 KiB where libcrypto has them.
    static final int READY = 32;

    private final CryptoProvider crypto;
    private final @Nullable BlockingQueue<X25519KeyPair> ready; // null: none is made ahead
    private final Executor ahead;
    private final AtomicBoolean refilling = new AtomicBoolean();
    private volatile boolean closed;

    /// @param most that wait; 0 to make each when it is asked for
    /// @param ahead runs what makes them, elsewhere
    EphemeralKeys(CryptoProvider crypto, int most, Executor ahead) {
        this.crypto = crypto;
        this.ready = most == 0 ? null : new ArrayBlockingQueue<>(most);
        this.ahead = ahead;
    }

    /// A key that nobody has had, for the caller to close.
    X25519KeyPair take() {
        if (ready == null) {
            return crypto.newX25519KeyPair();
        }
        var key = ready.poll();
        if (ready.remainingCapacity() >= ready.size() && !closed && !refilling.getAndSet(true)) {
            ahead.execute(() -> refill(ready));
        }
        return key != null ? key : crypto.newX25519KeyPair();
    }

    private void refill(BlockingQueue<X25519KeyPair> keys) {
        try {
            while (!closed && keys.remainingCapacity() > 0) {
                keys.add(crypto.newX25519KeyPair());
            }
        } finally {
            refilling.set(false);
        }
        if (closed) {
            drain(keys);
        }
    }

    /// How many wait for handshakes now.
    int waiting() {
        return ready == null ? 0 : ready.size();
    }

    @Override
    public void close() {
        closed = true;
        if (ready != null) {
            drain(ready);
        }
    }

    private static void drain(BlockingQueue<X25519KeyPair> keys) {
        for (var key = keys.poll(); key != null; key = keys.poll()) {
            key.close();
        }
    }
}
