// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import network.chiral.edge.libp2p.identity.PeerId;

/// Who was heard of on the links, until when that holds, and who may be dialled now.
///
/// Time is an argument; every method is synchronized.
final class MdnsTable {
    /// Known at once: more than a /24 has room for, four times.
    static final int MAX_PEERS = 1_024;

    /// Between two dials of one peer, whatever it says.
    static final Duration DIAL_PAUSE = Duration.ofSeconds(60);

    /// Dials of all peers within [#DIAL_WINDOW]: a stranger on the link can name any address in scope,
    /// and this is as often as it makes us knock there.
    static final int DIALS_PER_WINDOW = 32;

    static final Duration DIAL_WINDOW = Duration.ofSeconds(10);

    /// A peer is known no longer than that without being heard of again, whatever the record says.
    static final Duration LONGEST =
            Duration.ofMinutes(75); // RFC 6762, 10: the TTL of other records

    /// What to do about a peer that was heard of.
    enum Verdict {
        DIAL,
        /// Nothing: it was dialled lately, is connected, or has said goodbye.
        REST,
        TOO_MANY_PEERS,
        TOO_MANY_DIALS
    }

    /// @param isNew where nothing was known of the peer; it stays known while it may not be dialled again, so
    ///     whoever comes and goes is not new each time
    record Heard(Verdict verdict, boolean isNew) {}

    private record Entry(Instant until, Instant dialAgain) {}

    private final Map<PeerId, Entry> peers = new HashMap<>();
    private final ArrayDeque<Instant> dials = new ArrayDeque<>();

    /// A peer was heard of.
    synchronized Heard heard(FoundPeer found, boolean connected, Instant now) {
        var ttl = found.ttl().compareTo(LONGEST) > 0 ? LONGEST : found.ttl();
        var known = peers.get(found.peer());
        if (ttl.isZero()) {
            if (known != null) { // the pause holds even for who comes and goes
                peers.put(found.peer(), new Entry(now, known.dialAgain()));
            }
            return new Heard(Verdict.REST, false);
        }
        if (known == null && peers.size() >= MAX_PEERS) {
            forgetExpired(now);
            if (peers.size() >= MAX_PEERS) {
                return new Heard(Verdict.TOO_MANY_PEERS, false);
            }
        }
        var dialAgain = known == null ? now : known.dialAgain();
        var verdict = verdict(connected || dialAgain.isAfter(now), now);
        peers.put(
                found.peer(),
                new Entry(
                        now.plus(ttl), verdict == Verdict.DIAL ? now.plus(DIAL_PAUSE) : dialAgain));
        return new Heard(verdict, known == null);
    }

    private Verdict verdict(boolean rest, Instant now) {
        if (rest) {
            return Verdict.REST;
        }
        while (!dials.isEmpty() && !dials.getFirst().plus(DIAL_WINDOW).isAfter(now)) {
            dials.removeFirst();
        }
        if (dials.size() >= DIALS_PER_WINDOW) {
            return Verdict.TOO_MANY_DIALS;
        }
        dials.addLast(now);
        return Verdict.DIAL;
    }

    private void forgetExpired(Instant now) {
        peers.values()
                .removeIf(entry -> !entry.until().isAfter(now) && !entry.dialAgain().isAfter(now));
    }

    /// Peers known now.
    synchronized int size(Instant now) {
        forgetExpired(now);
        return (int) peers.values().stream().filter(entry -> entry.until().isAfter(now)).count();
    }
}
