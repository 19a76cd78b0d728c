// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// What servers have said of this node's addresses, what follows from it, and what is to be asked next.
///
/// The numbers are those of go-libp2p's reachability tracker: of an address's last 5 answers, those of
/// one kind have to outnumber the others by 2 for a verdict and by 3 to be left alone for an hour.
/// Answers of version 1 name no address for sure and prove nothing, so they decide, by 3 of the last 5,
/// only where version 2 has no verdict. Time is an argument; every method is synchronized.
final class ReachabilityTable {
    static final int MAX_ADDRESSES = 50;
    static final int MIN_CONFIDENCE = 2;
    static final int TARGET_CONFIDENCE = 3;
    static final int WINDOW = TARGET_CONFIDENCE + 2;
    static final Duration RECHECK = Duration.ofHours(1);
    static final Duration ANSWER_LIFETIME = RECHECK.multipliedBy(WINDOW);

    /// An address that stays undecided after so many tries rests for [#TRIES_PERIOD].
    static final int MAX_TRIES = 10;

    static final Duration TRIES_PERIOD = Duration.ofMinutes(10);

    /// go-libp2p's refreshInterval of version 1.
    static final Duration V1_RECHECK = Duration.ofMinutes(15);

    private static final int MAX_RECENT = 16;

    private record Answer(boolean reached, Instant at) {}

    private static final class Answers {
        private final ArrayDeque<Answer> latest = new ArrayDeque<>();
        private final ArrayDeque<Instant> tries = new ArrayDeque<>();
        private String why = "";

        void add(Answer answer) {
            latest.addLast(answer);
            if (latest.size() > WINDOW) {
                latest.removeFirst();
            }
        }

        void tried(Instant now) {
            tries.addLast(now);
            if (tries.size() > MAX_TRIES) {
                tries.removeFirst();
            }
        }

        void forget(Instant now) {
            latest.removeIf(answer -> !answer.at().plus(ANSWER_LIFETIME).isAfter(now));
            tries.removeIf(at -> !at.plus(TRIES_PERIOD).isAfter(now));
        }

        int balance() {
            return latest.stream().mapToInt(answer -> answer.reached() ? 1 : -1).sum();
        }

        int confidence() {
            return Math.abs(balance());
        }

        Reachability verdict(int needed) {
            return confidence() < needed
                    ? Reachability.UNKNOWN
                    : balance() > 0 ? Reachability.PUBLIC : Reachability.PRIVATE;
        }

        boolean isDue(Instant now) {
            return confidence() < TARGET_CONFIDENCE
                    ? tries.size() < MAX_TRIES
                    : !latest.getLast().at().plus(RECHECK).isAfter(now);
        }
    }

    private final Map<Multiaddr, Answers> addresses = new LinkedHashMap<>();
    private final Answers v1 = new Answers();
    private final ArrayDeque<String> recent = new ArrayDeque<>();
    private Instant v1Answered;
    private Instant since;
    private Reachability overall = Reachability.UNKNOWN;
    private String told = "";

    ReachabilityTable(Instant now) {
        since = now;
        v1Answered = now;
    }

    /// From now on these addresses are the ones to be tried, at most [#MAX_ADDRESSES] of them.
    synchronized void track(List<Multiaddr> wanted) {
        var kept = wanted.stream().distinct().limit(MAX_ADDRESSES).toList();
        addresses.keySet().retainAll(kept);
        kept.forEach(address -> addresses.computeIfAbsent(address, _ -> new Answers()));
    }

    /// The addresses that somebody is to be asked about, the least known first.
    synchronized List<Multiaddr> due(Instant now) {
        forget(now);
        return addresses.entrySet().stream()
                .filter(entry -> entry.getValue().isDue(now))
                .sorted(Comparator.comparingInt(entry -> entry.getValue().confidence()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// True where a server of version 1 is to be asked, because version 2 has not decided.
    synchronized boolean isV1Due(Instant now) {
        forget(now);
        boolean undecided = v1.confidence() < TARGET_CONFIDENCE;
        return !addresses.isEmpty()
                && byAddress() == Reachability.UNKNOWN
                && (undecided || !v1Answered.plus(V1_RECHECK).isAfter(now));
    }

    /// What a server of version 2 said when it was asked about `asked`.
    synchronized void answered(
            PeerId server, List<Multiaddr> asked, ProbeOutcome outcome, Instant now) {
        var line = described(server, outcome, now);
        switch (outcome) {
            case ProbeOutcome.Reached(var address) ->
                    address.ifPresent(one -> answered(one, true, line, now));
            case ProbeOutcome.Unreached(var address) ->
                    address.ifPresent(one -> answered(one, false, line, now));
            case ProbeOutcome.Refused(), ProbeOutcome.Failed(_) ->
                    asked.forEach(one -> tried(one, now));
        }
        remember(line);
    }

    private void answered(Multiaddr address, boolean reached, String line, Instant now) {
        var answers = addresses.get(address);
        if (answers != null) {
            answers.add(new Answer(reached, now));
            answers.tried(now);
            answers.why = line;
        }
    }

    private void tried(Multiaddr address, Instant now) {
        var answers = addresses.get(address);
        if (answers != null) {
            answers.tried(now);
        }
    }

    /// What a server of version 1 said.
    synchronized void answeredV1(PeerId server, ProbeOutcome outcome, Instant now) {
        var line = described(server, outcome, now);
        switch (outcome) {
            case ProbeOutcome.Reached(_) -> answeredV1(true, line, now);
            case ProbeOutcome.Unreached(_) -> answeredV1(false, line, now);
            case ProbeOutcome.Refused(), ProbeOutcome.Failed(_) -> {
                // nothing was tried; the next server may be asked at once
            }
        }
        remember(line);
    }

    private void answeredV1(boolean reached, String line, Instant now) {
        v1.add(new Answer(reached, now));
        v1.why = line;
        v1Answered = now;
    }

    private static String described(PeerId server, ProbeOutcome outcome, Instant now) {
        var what =
                switch (outcome) {
                    case ProbeOutcome.Reached(var address) ->
                            "reached " + address.map(Multiaddr::toString).orElse("this node");
                    case ProbeOutcome.Unreached(var address) ->
                            "could not reach "
                                    + address.map(Multiaddr::toString).orElse("this node");
                    case ProbeOutcome.Refused() -> "refused to dial";
                    case ProbeOutcome.Failed(var why) -> "gave no answer: " + why;
                };
        return now + " " + server + " " + what;
    }

    private void remember(String line) {
        recent.addLast(line);
        if (recent.size() > MAX_RECENT) {
            recent.removeFirst();
        }
    }

    private void forget(Instant now) {
        addresses.values().forEach(answers -> answers.forget(now));
        v1.forget(now);
    }

    // --- what follows

    private Reachability byAddress() {
        var verdicts =
                addresses.values().stream()
                        .map(answers -> answers.verdict(MIN_CONFIDENCE))
                        .collect(Collectors.toSet());
        if (verdicts.contains(Reachability.PUBLIC)) {
            return Reachability.PUBLIC;
        }
        return verdicts.equals(Set.of(Reachability.PRIVATE))
                ? Reachability.PRIVATE
                : Reachability.UNKNOWN;
    }

    synchronized Reachability of(Multiaddr address) {
        var answers = addresses.get(address);
        return answers == null ? Reachability.UNKNOWN : answers.verdict(MIN_CONFIDENCE);
    }

    synchronized ReachabilityDetails details(Instant now) {
        forget(now);
        var byAddress = byAddress();
        var verdict = byAddress == Reachability.UNKNOWN ? v1.verdict(TARGET_CONFIDENCE) : byAddress;
        if (verdict != overall) {
            overall = verdict;
            since = now;
        }
        var listed = new ArrayList<AddressReachability>();
        addresses.forEach((address, answers) ->
                listed.add(
                        new AddressReachability(
                                address,
                                answers.verdict(MIN_CONFIDENCE),
                                answers.confidence(),
                                answers.why)));
        var decisive =
                listed.stream()
                        .filter(one -> one.reachability() == byAddress)
                        .max(Comparator.comparingInt(AddressReachability::confidence));
        if (byAddress != Reachability.UNKNOWN && decisive.isPresent()) {
            var one = decisive.get();
            return details(one.confidence(), one.why(), listed);
        }
        return details(
                v1.confidence(), verdict == Reachability.UNKNOWN ? undecided() : v1.why, listed);
    }

    private ReachabilityDetails details(
            int confidence, String why, List<AddressReachability> listed) {
        return new ReachabilityDetails(
                overall, confidence, since, why, listed, new ArrayList<>(recent));
    }

    private String undecided() {
        if (addresses.isEmpty()) {
            return "there is no address to try";
        }
        return recent.isEmpty() ? "no server has been asked yet" : recent.getLast();
    }

    /// The details, if a verdict is another one than when this was asked last.
    synchronized Optional<ReachabilityDetails> news(Instant now) {
        var details = details(now);
        var verdicts =
                details.overall()
                        + details.addresses().stream()
                                .map(one -> one.address() + "=" + one.reachability())
                                .collect(Collectors.joining(",", "[", "]"));
        if (verdicts.equals(told)) {
            return Optional.empty();
        }
        told = verdicts;
        return Optional.of(details);
    }
}
