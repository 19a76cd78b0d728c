// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Instant;
import java.util.LinkedHashMap;

/// A token bucket per key, kept only while it is not full: for each key the time at which it will be.
///
/// Each call looks at two of the others and forgets those that are full, so nothing has to sweep. Time
/// is an argument; every method is synchronized and calls nothing foreign while it holds the lock.
public final class RateTable<K> {
    /// Keys remembered at most, some 10 MB; beyond that the one longest untouched is forgotten, which
    /// gives its bucket back: whoever makes so many keys is held by the next wider bucket.
    public static final int MAX_KEYS = 65_536;

    private static final int SWEPT_PER_CALL = 2;
    private static final long NANOS = 1_000_000_000;

    private final Rate rate;
    private final LinkedHashMap<K, Long> fullAt = new LinkedHashMap<>();

    public RateTable(Rate rate) {
        this.rate = rate;
    }

    /// Takes a token out of the bucket of `key`; false where it is empty.
    public synchronized boolean take(K key, Instant now) {
        if (rate.isNone()) {
            return true;
        }
        long time = nanos(now);
        forgetFull(time);
        long every = rate.every().toNanos();
        long most = time + rate.burst() * every;
        var known = fullAt.get(key);
        // a clock that was put back empties no bucket further than it can be
        long full = known == null ? time : Math.clamp(known, time, most);
        if (full + every > most) {
            fullAt.put(key, full);
            return false;
        }
        fullAt.put(key, full + every);
        if (fullAt.size() > MAX_KEYS) {
            fullAt.pollFirstEntry();
        }
        return true;
    }

    /// Puts back the token that [#take] gave for something that was refused for another reason.
    public synchronized void giveBack(K key) {
        fullAt.computeIfPresent(key, (_, full) -> full - rate.every().toNanos());
    }

    /// Buckets that are remembered.
    public synchronized int size() {
        return fullAt.size();
    }

    private void forgetFull(long time) {
        for (int i = 0; i < SWEPT_PER_CALL && !fullAt.isEmpty(); i++) {
            var eldest = fullAt.pollFirstEntry();
            if (eldest.getValue() > time) {
                fullAt.put(eldest.getKey(), eldest.getValue());
            }
        }
    }

    private static long nanos(Instant now) {
        return now.getEpochSecond() * NANOS + now.getNano();
    }
}
