// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import network.chiral.edge.libp2p.protocol.mdns.MdnsAnswers.Asked;

/// When the answers of one link go out: questions that come close together are answered at once.
///
/// Time is an argument; every method is synchronized.
final class AnswerTable {
    /// Between two answers to all (RFC 6762, 6).
    static final Duration PAUSE = Duration.ofSeconds(1);

    /// To single askers, a second; each asker is on the link and has asked.
    static final int UNICAST_PER_SECOND = 10;

    private final Set<Asked> pending = EnumSet.noneOf(Asked.class);
    private Instant last = Instant.MIN;
    private Instant second = Instant.MIN;
    private int unicasts;

    /// Questions have come that all are to hear answered.
    ///
    /// @param delay at least, before the answer
    /// @return how long to wait before [#take]; empty where somebody waits already
    synchronized Optional<Duration> ask(Set<Asked> asked, Duration delay, Instant now) {
        boolean waits = !pending.isEmpty();
        pending.addAll(asked);
        if (waits || pending.isEmpty()) {
            return Optional.empty();
        }
        var due = last.equals(Instant.MIN) ? now : last.plus(PAUSE);
        var rest = Duration.between(now, due);
        return Optional.of(rest.compareTo(delay) > 0 ? rest : delay);
    }

    /// What is to be answered now.
    synchronized Set<Asked> take(Instant now) {
        var taken = Set.copyOf(pending);
        pending.clear();
        last = now;
        return taken;
    }

    /// True where all have heard an answer within `time`.
    synchronized boolean answeredWithin(Duration time, Instant now) {
        return !last.equals(Instant.MIN) && last.plus(time).isAfter(now);
    }

    /// True where one more asker may have an answer of its own.
    synchronized boolean takeUnicast(Instant now) {
        if (second.equals(Instant.MIN) || !second.plusSeconds(1).isAfter(now)) {
            second = now;
            unicasts = 0;
        }
        return ++unicasts <= UNICAST_PER_SECOND;
    }
}
