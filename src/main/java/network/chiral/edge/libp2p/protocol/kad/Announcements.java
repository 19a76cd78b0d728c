// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import network.chiral.edge.libp2p.swarm.Threads;

/// The keys that this node itself provides, told again long before anybody forgets them.
final class Announcements {
    /// Chiral's own relays announce every half hour; Chiral's providers are forgotten after 10 min (its
    /// second epoch's clients) to 48 h.
    private static final Duration AGAIN = Duration.ofMinutes(30);

    /// While nobody has heard it.
    private static final Duration RETRY = Duration.ofMinutes(1);

    /// Whether this node holds by now what it is to announce.
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final class Announcement {
        private final byte[] key;
        private final BooleanSupplier holds;
        private volatile Instant next = Instant.MIN;
        private volatile boolean underWay;

        Announcement(byte[] key, BooleanSupplier holds) {
            this.key = key;
            this.holds = holds;
        }

        private void tell() {
            try {
                int heard = client.provide(key);
                next = clock.instant().plus(heard > 0 ? AGAIN : RETRY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                underWay = false;
                parts.alarm().release();
            }
        }
    }

    private final DhtParts parts;
    private final KadClient client;
    private final Threads threads;
    private final Clock clock;
    private final List<Announcement> all = new CopyOnWriteArrayList<>();

    Announcements(DhtParts parts, KadClient client, Threads threads, Clock clock) {
        this.parts = parts;
        this.client = client;
        this.threads = threads;
        this.clock = clock;
    }

    /// Announces `key` from now on whenever `holds`.
    void add(byte[] key, BooleanSupplier holds) {
        all.add(new Announcement(key.clone(), holds));
        parts.alarm().release();
    }

    /// True where this node provides `key` now.
    boolean provides(byte[] key) {
        for (var announcement : all) {
            if (java.util.Arrays.equals(announcement.key, key)) {
                return announcement.holds.getAsBoolean();
            }
        }
        return false;
    }

    void tick(Instant now) {
        for (var announcement : all) {
            if (!announcement.underWay
                    && !now.isBefore(announcement.next)
                    && parts.table().size() > 0
                    && announcement.holds.getAsBoolean()) {
                announcement.underWay = true;
                threads.start("kad-provide", announcement::tell);
            }
        }
    }

    /// When [#tick] may have something to do, as far as is known now.
    Instant nextDue(Instant now) {
        var next = Instant.MAX;
        for (var announcement : all) {
            if (!announcement.underWay) {
                var due = announcement.next;
                due = due.isAfter(now) ? due : now.plus(LOOK_AGAIN);
                next = due.isBefore(next) ? due : next;
            }
        }
        return next;
    }
}
