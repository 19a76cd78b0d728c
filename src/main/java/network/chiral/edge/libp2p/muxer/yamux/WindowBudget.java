// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer.yamux;

import java.util.concurrent.atomic.AtomicLong;

/// How much all streams of a host together may grow their receive windows beyond the initial 256 KiB,
/// and how much they may hold of what came in.
///
/// Safe for use by many threads. Without it, a thousand fast circuits could promise 16 GiB, and a
/// thousand silent connections fill 256 KiB on each of their thousand streams.
public final class WindowBudget {
    private final AtomicLong left;
    private final long total;
    private final AtomicLong held = new AtomicLong();
    private final long mayHold;

    /// @param bytes to hand out in sum
    public WindowBudget(long bytes) {
        this(bytes, 0);
    }

    /// @param bytes to hand out in sum
    /// @param mayHold bytes received and not consumed; 0 is no limit
    public WindowBudget(long bytes, long mayHold) {
        this.total = bytes;
        this.left = new AtomicLong(bytes);
        this.mayHold = mayHold;
    }

    /// Counts bytes that came in; false where there are more than may be held.
    boolean hold(int bytes) {
        return held.addAndGet(bytes) <= mayHold || mayHold == 0;
    }

    /// Counts bytes that are consumed or dropped.
    void letGo(int bytes) {
        held.addAndGet(-bytes);
    }

    /// Bytes held now.
    public long held() {
        return held.get();
    }

    /// Takes `bytes`, all or nothing.
    boolean take(int bytes) {
        if (left.addAndGet(-bytes) >= 0) {
            return true;
        }
        left.addAndGet(bytes);
        return false;
    }

    void giveBack(int bytes) {
        left.addAndGet(bytes);
    }

    /// Bytes handed out now.
    public long used() {
        return total - left.get();
    }
}
