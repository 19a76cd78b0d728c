// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer.yamux;

import java.util.concurrent.atomic.AtomicLong;

/// How much all streams of a host together may grow their receive windows beyond the initial 256 KiB.
///
/// Safe for use by many threads. Without it, a thousand fast circuits could promise 16 GiB.
public final class WindowBudget {
    private final AtomicLong left;
    private final long total;

    /// @param bytes to hand out in sum
    public WindowBudget(long bytes) {
        this.total = bytes;
        this.left = new AtomicLong(bytes);
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
