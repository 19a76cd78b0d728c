// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.relay.client.ReservationRefused.Why;
import org.jspecify.annotations.Nullable;

/// Which relays are known, where slots are held, and whom to ask next.
///
/// ```
/// known --next--> asked --granted--> held --next, 3/4 of its time over--> held and asked again
///   ^               |                 |
///   +--refused, after a rest          +--lost, expired--> known
/// ```
/// Time is an argument; every method is synchronized and calls nothing foreign while it holds the lock.
final class RelayTable {
    /// Relays remembered at once; AutoRelay of go-libp2p keeps 20 candidates.
    static final int MAX_CANDIDATES = 64;

    /// After the first refusal, doubled with each further one.
    private static final Duration BASE_REST = Duration.ofSeconds(2);

    private static final Duration MAX_REST = Duration.ofMinutes(10);

    /// A peer that is no relay, or lies, is left alone for as long as go-libp2p's AutoRelay does.
    private static final Duration USELESS_REST = Duration.ofHours(1);

    /// A request that is due now.
    ///
    /// @param renewal true where the slot is held
    record Ask(RelayCandidate relay, boolean renewal) {}

    private static final class Entry {
        RelayCandidate relay;
        @Nullable Reservation held;
        Instant renewAt = Instant.MIN;
        Instant restUntil = Instant.MIN;
        boolean asked;
        boolean served; // has given a slot
        int failures;

        Entry(RelayCandidate relay) {
            this.relay = relay;
        }

        boolean isIdle() {
            return held == null && !asked;
        }

        /// Held, and the latest renewal was no failure.
        boolean isSound() {
            return held != null && failures == 0;
        }
    }

    private final int wanted;
    private final Map<PeerId, Entry> entries = new LinkedHashMap<>();

    /// @param wanted slots to hold
    RelayTable(int wanted) {
        this.wanted = wanted;
    }

    /// Takes note of a relay. What the operator named is never displaced.
    synchronized void offer(RelayCandidate relay) {
        var known = entries.get(relay.peer());
        if (known != null) {
            if (relay.source().compareTo(known.relay.source()) <= 0) {
                known.relay = relay;
            }
            return;
        }
        if (entries.size() >= MAX_CANDIDATES && !displaceFor(relay)) {
            return;
        }
        entries.put(relay.peer(), new Entry(relay));
    }

    private boolean displaceFor(RelayCandidate relay) {
        var worst =
                entries.values().stream()
                        .filter(Entry::isIdle)
                        .max(RelayTable.byMerit())
                        .filter(entry ->
                                entry.failures > 0
                                        || entry.relay.source().compareTo(relay.source()) > 0)
                        .filter(entry -> entry.relay.source() != RelayCandidate.Source.CONFIGURED);
        worst.ifPresent(entry -> entries.remove(entry.relay.peer()));
        return worst.isPresent();
    }

    private static Comparator<Entry> byMerit() {
        return Comparator.<Entry, RelayCandidate.Source>comparing(entry -> entry.relay.source())
                .thenComparingInt(entry -> entry.failures);
    }

    /// The requests due now, each handed out once: it is under way until [#granted] or [#refused].
    synchronized List<Ask> next(Instant now) {
        forgetExpired(now);
        var due = new ArrayList<Ask>();
        for (var entry : entries.values()) {
            if (entry.held != null && !entry.asked && !now.isBefore(entry.renewAt)) {
                entry.asked = true;
                due.add(new Ask(entry.relay, true));
            }
        }
        long sure =
                entries.values().stream()
                        .filter(entry -> entry.isSound() || entry.held == null && entry.asked)
                        .count();
        entries.values().stream()
                .filter(Entry::isIdle)
                .filter(entry -> !now.isBefore(entry.restUntil))
                .sorted(byMerit())
                .limit(Math.max(0, wanted - sure))
                .forEach(entry -> {
                    entry.asked = true;
                    due.add(new Ask(entry.relay, false));
                });
        return due;
    }

    /// True where slots are missing and nobody known is left to ask for them.
    synchronized boolean isShort(Instant now) {
        long useful =
                entries.values().stream()
                        .filter(entry -> entry.isSound() || entry.asked || isReady(entry, now))
                        .count();
        return useful < wanted;
    }

    private static boolean isReady(Entry entry, Instant now) {
        return entry.isIdle() && !now.isBefore(entry.restUntil);
    }

    /// When [#next] may have something to do, or a slot ends, as far as is known now.
    synchronized Instant nextDue(Instant now) {
        var next = Instant.MAX;
        for (var entry : entries.values()) {
            if (entry.held != null) {
                next = earlierAfter(now, entry.held.expires(), next);
            }
            if (!entry.asked) {
                next =
                        earlierAfter(
                                now, entry.held == null ? entry.restUntil : entry.renewAt, next);
            }
        }
        return next;
    }

    private static Instant earlierAfter(Instant now, Instant one, Instant other) {
        return one.isAfter(now) && one.isBefore(other) ? one : other;
    }

    private void forgetExpired(Instant now) {
        for (var entry : entries.values()) {
            if (entry.held != null && !now.isBefore(entry.held.expires())) {
                entry.held = null;
            }
        }
    }

    /// A slot is held, or held longer. It is due for renewal when 3/4 of its time are over, as
    /// rust-libp2p has it.
    synchronized void granted(PeerId relay, Reservation reservation, Instant now) {
        var entry = entries.get(relay);
        if (entry == null) {
            return;
        }
        entry.asked = false;
        entry.failures = 0;
        entry.served = true;
        entry.held = reservation;
        var left = Duration.between(now, reservation.expires());
        entry.renewAt = now.plus(left.multipliedBy(3).dividedBy(4));
    }

    /// A request failed. A slot that could not be renewed is held until it ends, and another relay is
    /// asked meanwhile.
    ///
    /// @param jitter from 0 to 1, so that the clients of one relay do not come back together
    synchronized void refused(PeerId relay, Why why, Instant now, double jitter) {
        var entry = entries.get(relay);
        if (entry == null) {
            return;
        }
        entry.asked = false;
        rest(entry, why, now, jitter);
    }

    private static void rest(Entry entry, Why why, Instant now, double jitter) {
        var pause =
                switch (why) {
                    // who was a relay an hour ago is one that stops, and comes back
                    case NO_RELAY -> entry.served ? pauseAfter(entry.failures) : USELESS_REST;
                    case BAD_ANSWER, BAD_VOUCHER, EXPIRED, RELAYED, NO_ADDRESS -> USELESS_REST;
                    case UNREACHABLE, REFUSED, RESOURCE_LIMIT_EXCEEDED, PERMISSION_DENIED ->
                            pauseAfter(entry.failures);
                };
        entry.failures++;
        var until = now.plus(Duration.ofNanos((long) (pause.toNanos() * (0.5 + jitter))));
        entry.restUntil = until;
        entry.renewAt = until;
    }

    private static Duration pauseAfter(int failures) {
        var pause = BASE_REST.multipliedBy(1L << Math.min(failures, 20));
        return pause.compareTo(MAX_REST) > 0 ? MAX_REST : pause;
    }

    /// The relay is gone, or is none any more; false where no slot was held there.
    synchronized boolean lost(PeerId relay, Instant now, double jitter) {
        var entry = entries.get(relay);
        if (entry == null || entry.held == null) {
            return false;
        }
        entry.held = null;
        rest(entry, Why.UNREACHABLE, now, jitter);
        return true;
    }

    /// Gives all slots up; the relays stay known.
    synchronized void clear() {
        for (var entry : entries.values()) {
            entry.held = null;
            entry.asked = false;
        }
    }

    /// True where a slot is held, or asked for: the relay may have given it and bring somebody before
    /// its answer is read.
    synchronized boolean isReserved(PeerId relay, Instant now) {
        var entry = entries.get(relay);
        return entry != null
                && (entry.asked || entry.held != null && now.isBefore(entry.held.expires()));
    }

    /// The slots held now.
    synchronized List<Reservation> held(Instant now) {
        return reservations(entries.values(), now);
    }

    private static List<Reservation> reservations(Collection<Entry> entries, Instant now) {
        return entries.stream()
                .flatMap(entry -> Optional.ofNullable(entry.held).stream())
                .filter(reservation -> now.isBefore(reservation.expires()))
                .toList();
    }

    synchronized int size() {
        return entries.size();
    }
}
