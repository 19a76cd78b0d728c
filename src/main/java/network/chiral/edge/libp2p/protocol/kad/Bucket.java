// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import network.chiral.edge.libp2p.identity.PeerId;
import org.jspecify.annotations.Nullable;

/// The members of a [RoutingTable] that share a prefix of one length with this node, and those that wait
/// for a place among them. Guarded by the table.
final class Bucket {
    /// After a failure.
    static final Duration RETRY = Duration.ofSeconds(15);

    /// A peer, and what is known of whether it is there.
    static final class Slot {
        Member member;
        Instant verified;
        Instant tried;
        Instant due; // to be asked again
        int failures;

        Slot(Member member, Instant now, Instant due) {
            this.member = member;
            this.verified = now;
            this.tried = now;
            this.due = due;
        }
    }

    final List<Slot> members = new ArrayList<>(KadLimits.K);
    final Map<PeerId, Slot> waiting = new LinkedHashMap<>();
    private Instant nextContest = Instant.MIN;

    /// Adds those to `due` that are to be asked whether they are there.
    ///
    /// @param contestEvery pause between two questions to a member whose place others wait for
    void addDue(Instant now, Duration contestEvery, List<Slot> due) {
        @Nullable Slot eldest = null;
        for (var slot : members) {
            if (!now.isBefore(slot.due)) {
                due.add(slot);
            } else if (eldest == null || slot.verified.isBefore(eldest.verified)) {
                eldest = slot;
            }
        }
        if (eldest != null && isContested() && !now.isBefore(contestDue(eldest))) {
            nextContest = now.plus(contestEvery);
            due.add(eldest);
        }
    }

    private boolean isContested() {
        return members.size() >= KadLimits.K && !waiting.isEmpty();
    }

    /// The eldest of a bucket that others wait for is asked out of its turn, but so seldom that within a
    /// round no member is asked twice.
    private Instant contestDue(Slot eldest) {
        var rested = eldest.tried.plus(RETRY);
        return rested.isAfter(nextContest) ? rested : nextContest;
    }

    /// When the next member is due; never without members.
    Instant nextDue() {
        var next = Instant.MAX;
        @Nullable Slot eldest = null;
        for (var slot : members) {
            next = earlier(next, slot.due);
            if (eldest == null || slot.verified.isBefore(eldest.verified)) {
                eldest = slot;
            }
        }
        return eldest != null && isContested() ? earlier(next, contestDue(eldest)) : next;
    }

    static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
