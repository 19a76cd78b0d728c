// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import network.chiral.edge.libp2p.identity.PeerId;
import org.jspecify.annotations.Nullable;

/// The records that others have put here, each until it expires.
///
/// A record counts against the peer that put it, and against its publisher once that one has put it
/// itself; putting it again costs nothing more. Finding one takes the same time however many there are,
/// and what expires is found in order. Time is an argument; every method is synchronized.
final class RecordStore {
    private record Expiry(Instant when, KadKey key) {}

    private static final class Usage {
        private int records;
        private long bytes;
    }

    private final KadLimits limits;
    private final Map<KadKey, StoredRecord> byKey = new HashMap<>();
    private final TreeSet<Expiry> byExpiry =
            new TreeSet<>(Comparator.comparing(Expiry::when).thenComparing(Expiry::key));
    private final Map<PeerId, Usage> byOwner = new HashMap<>();
    private long bytes;
    private long changes;

    RecordStore(KadLimits limits) {
        this.limits = limits;
    }

    /// Keeps `record`, which `sender` has put and which ends at `expires`.
    ///
    /// A later PUT takes the place of an earlier one, whoever sends it. One exception: where the
    /// publisher has put its record itself, another's copy that ends sooner is an older one.
    synchronized StoreVerdict put(KadRecord record, PeerId sender, Instant expires, Instant now) {
        forgetExpired(now);
        if (!expires.isAfter(now)) {
            return new StoreVerdict.Ignored();
        }
        var key = KadKey.of(record.key());
        var before = byKey.get(key);
        var fresh = new StoredRecord(record, owner(record, sender, before), now, expires);
        if (before != null && before.isFirstHand() && isOlderCopy(fresh, before, sender)) {
            return new StoreVerdict.Ignored();
        }
        var refusal = refusal(fresh, before);
        if (refusal != null) {
            return new StoreVerdict.Refused(refusal);
        }
        if (before != null) {
            remove(key, before);
        }
        add(key, fresh);
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

    private @Nullable KadRefusal refusal(StoredRecord fresh, @Nullable StoredRecord before) {
        int freed = before == null ? 0 : before.bytes();
        int count = before == null ? 0 : 1;
        if (exceeds(byKey.size() - count + 1, limits.records())) {
            return KadRefusal.RECORDS_FULL;
        }
        if (exceeds(bytes - freed + fresh.bytes(), limits.recordBytes())) {
            return KadRefusal.RECORD_BYTES_FULL;
        }
        var usage = byOwner.get(fresh.owner());
        int held = usage == null ? 0 : usage.records;
        long heldBytes = usage == null ? 0 : usage.bytes;
        if (before != null && before.owner().equals(fresh.owner())) {
            held--;
            heldBytes -= freed;
        }
        if (exceeds(held + 1, limits.recordsPerPeer())) {
            return KadRefusal.RECORDS_PER_PEER;
        }
        return exceeds(heldBytes + fresh.bytes(), limits.recordBytesPerPeer())
                ? KadRefusal.RECORD_BYTES_PER_PEER
                : null;
    }

    private static boolean exceeds(long value, long limit) {
        return limit > 0 && value > limit;
    }

    private void add(KadKey key, StoredRecord entry) {
        byKey.put(key, entry);
        byExpiry.add(new Expiry(entry.expires(), key));
        var usage = byOwner.computeIfAbsent(entry.owner(), _ -> new Usage());
        usage.records++;
        usage.bytes += entry.bytes();
        bytes += entry.bytes();
    }

    private void remove(KadKey key, StoredRecord entry) {
        byKey.remove(key);
        byExpiry.remove(new Expiry(entry.expires(), key));
        bytes -= entry.bytes();
        var usage = byOwner.get(entry.owner());
        if (usage != null) {
            usage.records--;
            usage.bytes -= entry.bytes();
            if (usage.records == 0) {
                byOwner.remove(entry.owner());
            }
        }
    }

    synchronized Optional<StoredRecord> get(byte[] key, Instant now) {
        var entry = byKey.get(KadKey.of(key));
        return entry == null || !entry.expires().isAfter(now)
                ? Optional.empty()
                : Optional.of(entry);
    }

    /// Takes back an entry of an earlier run, within the same limits; false where it is over or has no
    /// place.
    synchronized boolean restore(StoredRecord entry, Instant now) {
        var key = KadKey.of(entry.record().key());
        if (!entry.expires().isAfter(now)
                || byKey.containsKey(key)
                || refusal(entry, null) != null) {
            return false;
        }
        add(key, entry);
        return true;
    }

    /// Everything that has not expired.
    synchronized List<StoredRecord> entries(Instant now) {
        forgetExpired(now);
        return new ArrayList<>(byKey.values());
    }

    synchronized void forgetExpired(Instant now) {
        while (!byExpiry.isEmpty() && !byExpiry.first().when().isAfter(now)) {
            var key = byExpiry.first().key();
            var entry = byKey.get(key);
            if (entry != null) {
                remove(key, entry);
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

    /// Grows with every change.
    synchronized long changes() {
        return changes;
    }
}
