// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer.yamux;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes that streams have received and nobody has consumed yet, against a limit: of the whole host, of
/// one peer, of one address prefix.
///
/// Safe for use by many threads.
public final class HeldBytes {
    private final AtomicLong held = new AtomicLong();
    private final long limit;

    /// @param limit of what may be held; 0 is none
    public HeldBytes(long limit) {
        this.limit = limit;
    }

    /// Counts bytes that came in; false where there are more than may be held.
    boolean hold(int bytes) {
        return held.addAndGet(bytes) <= limit || limit == 0;
    }

    /// Counts bytes that are consumed or dropped.
    void letGo(int bytes) {
        held.addAndGet(-bytes);
    }

    /// Bytes held now.
    public long held() {
        return held.get();
    }

    /// True where more is held than may be.
    public boolean isOver() {
        return limit > 0 && held.get() > limit;
    }
}
