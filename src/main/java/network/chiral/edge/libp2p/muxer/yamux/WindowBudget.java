// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer.yamux;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// How much all streams of a host together may grow their receive windows beyond the initial 256 KiB,
/// and how much they may hold of what came in.
///
/// Safe for use by many threads. Without it, a thousand fast circuits could promise 16 GiB, and a
/// thousand silent connections fill 256 KiB on each of their thousand streams.
public final class WindowBudget {
    private final AtomicLong left;
    private final long total;
    private final List<HeldBytes> shares; // the host's first

    /// @param bytes to hand out in sum
    public WindowBudget(long bytes) {
        this(bytes, 0);
    }

    /// @param bytes to hand out in sum
    /// @param mayHold bytes received and not consumed; 0 is no limit
    public WindowBudget(long bytes, long mayHold) {
        this(new AtomicLong(bytes), bytes, List.of(new HeldBytes(mayHold)));
    }

    private WindowBudget(AtomicLong left, long total, List<HeldBytes> shares) {
        this.left = left;
        this.total = total;
        this.shares = shares;
    }

    /// The same budget for one connection, whose bytes are counted in `more` too.
    public WindowBudget with(List<HeldBytes> more) {
        var all = new ArrayList<>(shares);
        all.addAll(more);
        return new WindowBudget(left, total, List.copyOf(all));
    }

    /// Counts bytes that came in; false where somewhere more are held than may be.
    boolean hold(int bytes) {
        boolean fits = true;
        for (var share : shares) {
            fits &= share.hold(bytes);
        }
        return fits;
    }

    /// Counts bytes that are consumed or dropped.
    void letGo(int bytes) {
        for (var share : shares) {
            share.letGo(bytes);
        }
    }

    /// Bytes held now by the whole host.
    public long held() {
        return shares.getFirst().held();
    }

    /// True where the host holds more than it may.
    public boolean isOver() {
        return shares.getFirst().isOver();
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
