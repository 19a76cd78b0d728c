// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import network.chiral.edge.libp2p.identity.PeerId;

/// How many requests have been taken within the last minute, of all and of each peer, and how many are
/// under way.
///
/// A sliding window, as go-libp2p's autonatv2 has it: it holds as many entries as the total limit
/// allows, so nothing a remote does makes it grow. Time is an argument; every method is synchronized.
final class RequestTable {
    static final Duration WINDOW = Duration.ofMinutes(1);

    /// Whether a request is taken.
    enum Verdict {
        TAKEN,
        /// All peers together have had theirs for this minute.
        TOO_MANY,
        /// This peer has had its own for this minute.
        TOO_MANY_OF_PEER,
        /// This peer has as many under way as it may.
        TOO_MANY_AT_ONCE
    }

    private record Taken(PeerId peer, Instant at) {}

    private final int total;
    private final int perPeer;
    private final int atOnce;
    private final ArrayDeque<Taken> window = new ArrayDeque<>();
    private final Map<PeerId, Integer> underWay = new HashMap<>();

    RequestTable(int total, int perPeer, int atOnce) {
        this.total = total;
        this.perPeer = perPeer;
        this.atOnce = atOnce;
    }

    /// Takes a request of `peer` or says why not; one that is taken is to be ended by [#end].
    synchronized Verdict begin(PeerId peer, Instant now) {
        while (!window.isEmpty() && !window.getFirst().at().plus(WINDOW).isAfter(now)) {
            window.removeFirst();
        }
        if (underWay.getOrDefault(peer, 0) >= atOnce) {
            return Verdict.TOO_MANY_AT_ONCE;
        }
        if (window.size() >= total) {
            return Verdict.TOO_MANY;
        }
        if (window.stream().filter(taken -> taken.peer().equals(peer)).count() >= perPeer) {
            return Verdict.TOO_MANY_OF_PEER;
        }
        window.addLast(new Taken(peer, now));
        underWay.merge(peer, 1, Integer::sum);
        return Verdict.TAKEN;
    }

    /// A request that was taken is over.
    synchronized void end(PeerId peer) {
        underWay.computeIfPresent(peer, (_, count) -> count == 1 ? null : count - 1);
    }

    synchronized int underWay() {
        return underWay.values().stream().mapToInt(Integer::intValue).sum();
    }
}
