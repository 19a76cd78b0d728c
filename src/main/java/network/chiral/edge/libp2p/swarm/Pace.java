// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

/// Bytes per second that several joined pairs of streams share, both directions together.
///
/// Whoever has moved bytes pays for them, and gets no credit for its source until the debt is paid: the
/// source's own window is what slows it. A second's worth may go at once, because debts are looked at
/// once a second. Safe for use by many threads.
public final class Pace {
    private static final double NANOS = 1e9;

    private final long perSecond;
    private double saved; // below 0: a debt
    private long since;

    /// @param bytesPerSecond at least 1
    /// @param now by System.nanoTime
    public Pace(long bytesPerSecond, long now) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("a pace is at least a byte a second");
        }
        perSecond = bytesPerSecond;
        saved = bytesPerSecond;
        since = now;
    }

    /// Pays for bytes that have left.
    synchronized void pay(int bytes, long now) {
        refill(now);
        saved -= bytes;
    }

    /// True where nothing is owed.
    synchronized boolean isOpen(long now) {
        refill(now);
        return saved >= 0;
    }

    private void refill(long now) {
        saved = Math.min((double) perSecond, saved + (now - since) / NANOS * perSecond);
        since = now;
    }
}
