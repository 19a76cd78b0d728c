// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import org.jspecify.annotations.Nullable;

/// The servers this node knows, in buckets of twenty by the length of the prefix they share with it.
///
/// ```
/// unknown -- verified --> member -- failed --> doubted -- failed --> gone, and a waiting one moves up
///                 \                   \-- verified --> member
///                  \-- bucket full --> waiting
/// ```
/// Only who answered a question of ours gets in, and only who stays silent gets out: a crowd of new
/// peers displaces nobody (Kademlia, 2.2). Time is an argument; every method is synchronized and calls
/// nothing foreign.
final class RoutingTable {
    /// What became of a peer that has answered.
    enum Verdict {
        ADMITTED,
        /// It was a member already.
        CONFIRMED,
        /// Its bucket is full; it moves up when a member fails.
        WAITING,
        /// Too many of its network are there.
        TOO_MANY_OF_GROUP,
        /// It has no address that could be handed out.
        NO_ADDRESS,
        /// It is this node.
        SELF
    }

    /// Peers that wait for a place in one bucket.
    private static final int WAITING = 20;

    /// Failures in a row after which a member goes, where nobody waits for its place.
    private static final int FAILURES = 2;

    /// A member that was not verified for this many rounds is not handed out.
    private static final int STALE_ROUNDS = 3;

    private final KadKey own;
    private final KadLimits limits;
    private final Duration verifyEvery;
    private final Duration contestEvery;
    private final @Nullable Bucket[] buckets = new @Nullable Bucket[KadKey.BITS];
    private final Map<PeerId, Bucket.Slot> members = new HashMap<>();
    private final Map<ByteBuffer, Integer> groups = new HashMap<>();
    private int deepest = -1;

    RoutingTable(KadKey own, KadLimits limits, Duration verifyEvery) {
        this.own = own;
        this.limits = limits;
        this.verifyEvery = verifyEvery;
        this.contestEvery = longer(Bucket.RETRY, verifyEvery.dividedBy(KadLimits.K));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    // --- who gets in

    /// `peer` is a server and has just answered.
    synchronized Verdict verified(Member peer, Instant now) {
        int prefix = own.commonPrefix(peer.position());
        if (prefix == KadKey.BITS) {
            return Verdict.SELF;
        }
        var held = members.get(peer.id());
        if (peer.addresses().isEmpty()) {
            if (held != null) {
                remove(held);
            }
            return Verdict.NO_ADDRESS;
        }
        if (held != null) {
            regroup(held.member, peer);
            held.member = peer;
            held.verified = now;
            held.tried = now;
            held.failures = 0;
            held.due = now.plus(verifyEvery);
            return Verdict.CONFIRMED;
        }
        var bucket = bucket(prefix);
        if (bucket.members.size() < KadLimits.K) {
            if (!hasRoomForGroup(bucket, peer)) {
                return Verdict.TOO_MANY_OF_GROUP;
            }
            bucket.waiting.remove(peer.id());
            admit(bucket, prefix, new Bucket.Slot(peer, now, now.plus(verifyEvery)));
            return Verdict.ADMITTED;
        }
        return await(bucket, new Bucket.Slot(peer, now, now.plus(verifyEvery)));
    }

    /// The youngest wait: whoever answered last is the likeliest to be there when a place is free.
    private Verdict await(Bucket bucket, Bucket.Slot slot) {
        bucket.waiting.remove(slot.member.id());
        if (!hasRoomForGroup(bucket, slot.member)) {
            return Verdict.TOO_MANY_OF_GROUP;
        }
        if (bucket.waiting.size() >= WAITING) {
            bucket.waiting.remove(bucket.waiting.keySet().iterator().next());
        }
        bucket.waiting.put(slot.member.id(), slot);
        return Verdict.WAITING;
    }

    private void admit(Bucket bucket, int prefix, Bucket.Slot slot) {
        bucket.members.add(slot);
        members.put(slot.member.id(), slot);
        slot.member.group().ifPresent(group -> groups.merge(group, 1, Integer::sum));
        deepest = Math.max(deepest, prefix);
    }

    private Bucket bucket(int prefix) {
        var bucket = buckets[prefix];
        if (bucket == null) {
            bucket = new Bucket();
            buckets[prefix] = bucket;
        }
        return bucket;
    }

    private boolean hasRoomForGroup(Bucket bucket, Member peer) {
        var group = peer.group();
        if (group.isEmpty()) {
            return true;
        }
        int inTable = groups.getOrDefault(group.get(), 0);
        if (limits.groupPerTable() > 0 && inTable >= limits.groupPerTable()) {
            return false;
        }
        return limits.groupPerBucket() == 0
                || bucket.members.stream().filter(s -> s.member.group().equals(group)).count()
                        < limits.groupPerBucket();
    }

    /// A member that came again from elsewhere counts there.
    private void regroup(Member before, Member after) {
        if (!before.group().equals(after.group())) {
            before.group().ifPresent(this::leaveGroup);
            after.group().ifPresent(group -> groups.merge(group, 1, Integer::sum));
        }
    }

    private void leaveGroup(ByteBuffer group) {
        groups.computeIfPresent(group, (_, n) -> n == 1 ? null : n - 1);
    }

    /// True where it is worth asking the peer at `position` whether it is there.
    synchronized boolean wants(PeerId peer, KadKey position) {
        int prefix = own.commonPrefix(position);
        if (prefix == KadKey.BITS || members.containsKey(peer)) {
            return false;
        }
        var bucket = buckets[prefix];
        return bucket == null
                || bucket.members.size() < KadLimits.K
                || bucket.waiting.size() < WAITING && !bucket.waiting.containsKey(peer);
    }

    // --- who gets out

    /// A question to `peer` had no answer.
    synchronized void failed(PeerId peer, Instant now) {
        var slot = members.get(peer);
        if (slot == null) {
            buckets(peer).ifPresent(bucket -> bucket.waiting.remove(peer));
            return;
        }
        slot.failures++;
        slot.tried = now;
        slot.due = now.plus(Bucket.RETRY);
        if (slot.failures >= FAILURES || hasWaiting(slot)) {
            remove(slot);
        }
    }

    private Optional<Bucket> buckets(PeerId peer) {
        int prefix = own.commonPrefix(KadKey.of(peer));
        return prefix == KadKey.BITS ? Optional.empty() : Optional.ofNullable(buckets[prefix]);
    }

    private boolean hasWaiting(Bucket.Slot slot) {
        return !bucket(own.commonPrefix(slot.member.position())).waiting.isEmpty();
    }

    /// `peer` is no server any more.
    synchronized void forget(PeerId peer) {
        var slot = members.get(peer);
        if (slot != null) {
            remove(slot);
        } else {
            buckets(peer).ifPresent(bucket -> bucket.waiting.remove(peer));
        }
    }

    /// `peer` may have left: it is to be asked soon, but not again at once where it was tried just now,
    /// because it may be one that closes connections it has no use for.
    synchronized void doubt(PeerId peer) {
        var slot = members.get(peer);
        if (slot != null) {
            slot.failures = Math.max(slot.failures, 1);
            slot.due = Bucket.earlier(slot.due, slot.tried.plus(Bucket.RETRY));
        }
    }

    private void remove(Bucket.Slot slot) {
        int prefix = own.commonPrefix(slot.member.position());
        var bucket = bucket(prefix);
        bucket.members.remove(slot);
        members.remove(slot.member.id());
        slot.member.group().ifPresent(this::leaveGroup);
        for (var next : new ArrayList<>(bucket.waiting.values()).reversed()) {
            if (hasRoomForGroup(bucket, next.member)) {
                bucket.waiting.remove(next.member.id());
                admit(bucket, prefix, next);
                return;
            }
        }
    }

    /// The members to ask whether they are still there, those first that answered longest ago.
    synchronized List<Member> due(Instant now, int max) {
        var due = new ArrayList<Bucket.Slot>();
        for (int prefix = 0; prefix <= deepest; prefix++) {
            var bucket = buckets[prefix];
            if (bucket != null) {
                bucket.addDue(now, contestEvery, due);
            }
        }
        due.sort(Comparator.comparing(slot -> slot.verified));
        return due.stream().limit(max).map(slot -> slot.member).toList();
    }

    /// When the next member is [#due]; empty without members.
    synchronized Optional<Instant> nextDue() {
        var next = Instant.MAX;
        for (int prefix = 0; prefix <= deepest; prefix++) {
            var bucket = buckets[prefix];
            if (bucket != null) {
                next = Bucket.earlier(next, bucket.nextDue());
            }
        }
        return next.equals(Instant.MAX) ? Optional.empty() : Optional.of(next);
    }

    // --- who is near

    /// The members nearest to `target`, nearest first, without `except` and without those that may be
    /// gone. Walks from bucket to bucket and sorts within one.
    synchronized List<Member> nearest(KadKey target, int count, PeerId except, Instant now) {
        var found = new ArrayList<Member>(count);
        var oldest = now.minus(verifyEvery.multipliedBy(STALE_ROUNDS));
        var distance = own.distance(target);
        // where the target's bit differs from ours, the bucket lies on its side: those first, far
        // to near
        for (int prefix = 0; prefix <= deepest && found.size() < count; prefix++) {
            if (distance.bit(prefix)) {
                addNearest(buckets[prefix], target, count, except, oldest, found);
            }
        }
        for (int prefix = deepest; prefix >= 0 && found.size() < count; prefix--) {
            if (!distance.bit(prefix)) {
                addNearest(buckets[prefix], target, count, except, oldest, found);
            }
        }
        return found;
    }

    private static void addNearest(
            @Nullable Bucket bucket,
            KadKey target,
            int count,
            PeerId except,
            Instant oldest,
            List<Member> found) {
        if (bucket == null || bucket.members.isEmpty()) {
            return;
        }
        int from = found.size();
        for (var slot : bucket.members) {
            if (slot.failures == 0
                    && !slot.verified.isBefore(oldest)
                    && !slot.member.id().equals(except)) {
                found.add(slot.member);
            }
        }
        var added = found.subList(from, found.size());
        added.sort((a, b) -> target.compareNearness(a.position(), b.position()));
        if (found.size() > count) {
            found.subList(count, found.size()).clear();
        }
    }

    /// How many members are nearer to `target` than this node.
    synchronized int nearerThanSelf(KadKey target) {
        var distance = own.distance(target);
        int count = 0;
        for (int prefix = 0; prefix <= deepest; prefix++) {
            var bucket = buckets[prefix];
            if (bucket != null && distance.bit(prefix)) {
                count += bucket.members.size();
            }
        }
        return count;
    }

    synchronized Optional<Member> member(PeerId peer) {
        var slot = members.get(peer);
        return slot == null ? Optional.empty() : Optional.of(slot.member);
    }

    synchronized int size() {
        return members.size();
    }

    /// The longest prefix that a member shares with this node, -1 without members.
    synchronized int deepest() {
        int prefix = deepest;
        while (prefix >= 0) {
            var bucket = buckets[prefix];
            if (bucket != null && !bucket.members.isEmpty()) {
                break;
            }
            prefix--;
        }
        deepest = prefix;
        return prefix;
    }

    /// Everything, for operators.
    synchronized List<BucketView> view() {
        var views = new ArrayList<BucketView>();
        for (int prefix = 0; prefix <= deepest; prefix++) {
            var bucket = buckets[prefix];
            if (bucket != null && !bucket.members.isEmpty()) {
                var shown = bucket.members.stream().map(RoutingTable::shown).toList();
                views.add(new BucketView(prefix, shown, bucket.waiting.size()));
            }
        }
        return views;
    }

    private static BucketView.PeerView shown(Bucket.Slot slot) {
        return new BucketView.PeerView(
                slot.member.id(), slot.member.addresses(), slot.verified, slot.failures > 0);
    }
}
