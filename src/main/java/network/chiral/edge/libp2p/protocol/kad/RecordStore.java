// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import org.jspecify.annotations.Nullable;

/// The records that others have put here, each until it expires.
///
/// A record counts against the peer that put it, and against its publisher once that one has put it
/// itself, and against the public address it came from; putting it again costs nothing more. Where a
/// record came from does not outlive a restart. Finding one takes the same time however many there are,
/// and what expires is found in order. Time is an argument; every method is synchronized.
final class RecordStore {
    private record Expiry(Instant when, KadKey key) {}

    private static final class Usage {
        private int records;
        private long bytes;

        private void add(StoredRecord entry) {
            records++;
            bytes += entry.bytes();
        }

        /// True where nothing is left.
        private boolean remove(StoredRecord entry) {
            records--;
            bytes -= entry.bytes();
            return records == 0;
        }
    }

    /// What is kept, and from where.
    private record Held(StoredRecord entry, Optional<IpPrefix> origin) {}

    private final KadLimits limits;
    private final Map<KadKey, Held> byKey = new HashMap<>();
    private final TreeSet<Expiry> byExpiry =
            new TreeSet<>(Comparator.comparing(Expiry::when).thenComparing(Expiry::key));
    private final Map<PeerId, Usage> byOwner = new HashMap<>();
    private final Map<IpPrefix, Usage> byOrigin = new HashMap<>();
    private long bytes;
    private long changes;

    RecordStore(KadLimits limits) {
        this.limits = limits;
    }

    /// Keeps a record of this node, or of a peer that has no public address.
    synchronized StoreVerdict put(KadRecord record, PeerId sender, Instant expires, Instant now) {
        return put(record, sender, Optional.empty(), expires, now);
    }

    /// Keeps `record`, which `sender` has put from `origin` and which ends at `expires`.
    ///
    /// A later PUT takes the place of an earlier one, whoever sends it. One exception: where the
    /// publisher has put its record itself, another's copy that ends sooner is an older one.
    synchronized StoreVerdict put(
            KadRecord record,
            PeerId sender,
            Optional<IpPrefix> origin,
            Instant expires,
            Instant now) {
        forgetExpired(now);
        if (!expires.isAfter(now)) {
            return new StoreVerdict.Ignored();
        }
        var key = KadKey.of(record.key());
        var held = byKey.get(key);
        var before = held == null ? null : held.entry();
        var fresh = new StoredRecord(record, owner(record, sender, before), now, expires);
        if (before != null && before.isFirstHand() && isOlderCopy(fresh, before, sender)) {
            return new StoreVerdict.Ignored();
        }
        boolean passedOn = !fresh.owner().equals(sender);
        var wanted = new Held(fresh, held != null && passedOn ? held.origin() : origin);
        var refusal = refusal(wanted, held);
        if (refusal != null) {
            return new StoreVerdict.Refused(refusal);
        }
        if (held != null) {
            remove(key, held);
        }
        add(key, wanted);
        changes++;
        return new StoreVerdict.Kept(before == null);
    }

    /// The publisher answers for its record; a copy counts against whom the first one counted against.
    private static PeerId owner(KadRecord record, PeerId sender, @Nullable StoredRecord before) {
        var publisher = record.publisher();
        if (before == null || publisher.isEmpty() || publisher.get().equals(sender)) {
            return sender;
        }
        return before.record().publisher().equals(publisher) ? before.owner() : sender;
    }

    private static boolean isOlderCopy(StoredRecord fresh, StoredRecord before, PeerId sender) {
        return fresh.record().publisher().equals(before.record().publisher())
                && !before.owner().equals(sender)
                && fresh.expires().isBefore(before.expires());
    }

    private @Nullable KadRefusal refusal(Held fresh, @Nullable Held before) {
        int freed = before == null ? 0 : before.entry().bytes();
        int count = before == null ? 0 : 1;
        int bytesMore = fresh.entry().bytes();
        if (exceeds(byKey.size() - count + 1, limits.records())) {
            return KadRefusal.RECORDS_FULL;
        }
        if (exceeds(bytes - freed + bytesMore, limits.recordBytes())) {
            return KadRefusal.RECORD_BYTES_FULL;
        }
        boolean sameOwner = before != null && before.entry().owner().equals(fresh.entry().owner());
        var owned = after(byOwner.get(fresh.entry().owner()), fresh, sameOwner ? before : null);
        if (exceeds(owned.records, limits.recordsPerPeer())) {
            return KadRefusal.RECORDS_PER_PEER;
        }
        if (exceeds(owned.bytes, limits.recordBytesPerPeer())) {
            return KadRefusal.RECORD_BYTES_PER_PEER;
        }
        return fresh.origin().map(origin -> refusal(origin, fresh, before)).orElse(null);
    }

    private @Nullable KadRefusal refusal(IpPrefix origin, Held fresh, @Nullable Held before) {
        boolean same = before != null && before.origin().equals(fresh.origin());
        var used = after(byOrigin.get(origin), fresh, same ? before : null);
        if (exceeds(used.records, (long) limits.recordsPerPeer() * KadLimits.PEERS_PER_ADDRESS)) {
            return KadRefusal.RECORDS_PER_ADDRESS;
        }
        return exceeds(used.bytes, limits.recordBytesPerPeer() * KadLimits.PEERS_PER_ADDRESS)
                ? KadRefusal.RECORD_BYTES_PER_ADDRESS
                : null;
    }

    /// What is used when `fresh` has taken the place of `before`.
    private static Usage after(@Nullable Usage now, Held fresh, @Nullable Held before) {
        var then = new Usage();
        if (now != null) {
            then.records = now.records;
            then.bytes = now.bytes;
        }
        if (before != null) {
            then.remove(before.entry());
        }
        then.add(fresh.entry());
        return then;
    }

    private static boolean exceeds(long value, long limit) {
        return limit > 0 && value > limit;
    }

    private void add(KadKey key, Held held) {
        var entry = held.entry();
        byKey.put(key, held);
        byExpiry.add(new Expiry(entry.expires(), key));
        byOwner.computeIfAbsent(entry.owner(), _ -> new Usage()).add(entry);
        held.origin().ifPresent(o -> byOrigin.computeIfAbsent(o, _ -> new Usage()).add(entry));
        bytes += entry.bytes();
    }

    private void remove(KadKey key, Held held) {
        var entry = held.entry();
        byKey.remove(key);
        byExpiry.remove(new Expiry(entry.expires(), key));
        bytes -= entry.bytes();
        byOwner.computeIfPresent(entry.owner(), (_, used) -> used.remove(entry) ? null : used);
        held.origin()
                .ifPresent(origin ->
                        byOrigin.computeIfPresent(
                                origin, (_, used) -> used.remove(entry) ? null : used));
    }

    synchronized Optional<StoredRecord> get(byte[] key, Instant now) {
        return Optional.ofNullable(byKey.get(KadKey.of(key)))
                .map(Held::entry)
                .filter(entry -> entry.expires().isAfter(now));
    }

    /// Takes back an entry of an earlier run, within the same limits; false where it is over or has no
    /// place.
    synchronized boolean restore(StoredRecord entry, Instant now) {
        var key = KadKey.of(entry.record().key());
        var held = new Held(entry, Optional.empty());
        if (!entry.expires().isAfter(now)
                || byKey.containsKey(key)
                || refusal(held, null) != null) {
            return false;
        }
        add(key, held);
        return true;
    }

    /// Everything that has not expired.
    synchronized List<StoredRecord> entries(Instant now) {
        forgetExpired(now);
        return byKey.values().stream().map(Held::entry).toList();
    }

    synchronized void forgetExpired(Instant now) {
        while (!byExpiry.isEmpty() && !byExpiry.first().when().isAfter(now)) {
            var key = byExpiry.first().key();
            var held = byKey.get(key);
            if (held != null) {
                remove(key, held);
                changes++;
            }
        }
    }

    synchronized int size() {
        return byKey.size();
    }

    /// Of keys and values.
    synchronized long bytes() {
        return bytes;
    }

    /// Peers that records count against.
    synchronized int owners() {
        return byOwner.size();
    }

    /// Public addresses that records count against.
    synchronized int origins() {
        return byOrigin.size();
    }

    /// Grows with every change.
    synchronized long changes() {
        return changes;
    }
}
