// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import java.util.concurrent.atomic.AtomicLong;

/// Counts what this process holds outside of the heap and has to close, so that a leak shows.
final class LiveContexts {
    private static final AtomicLong COUNT = new AtomicLong();

    private LiveContexts() {}

    static void opened() {
        COUNT.incrementAndGet();
    }

    static void closed() {
        COUNT.decrementAndGet();
    }

    static long count() {
        return COUNT.get();
    }
}
