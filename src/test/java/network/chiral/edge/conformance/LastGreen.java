// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// With which programs and peers the integration tests of a rule passed when they last ran.
///
/// As text: `executable: go-libp2p 0.51.0; jar: go-libp2p 0.51.0, js-libp2p 3.3.11`.
record LastGreen(Map<String, Set<String>> peersByProgram) {
    static final LastGreen NEVER = new LastGreen(Map.of());

    static LastGreen parse(String text) {
        var byProgram = new TreeMap<String, Set<String>>();
        for (var part : text.split("; ")) {
            var names = part.split(": ", 2);
            if (!names[0].isBlank()) {
                byProgram.put(
                        names[0].strip(),
                        names.length == 1
                                ? Set.of()
                                : new TreeSet<>(Arrays.asList(names[1].strip().split(", "))));
            }
        }
        return new LastGreen(byProgram);
    }

    /// What is known after a run: what ran is new, and what was skipped stays as it was.
    ///
    /// @param tests the integration tests of the rule
    LastGreen after(List<ProvingTest> tests, List<TestResult> run) {
        if (tests.isEmpty()) {
            return NEVER;
        }
        var merged = new TreeMap<>(peersByProgram);
        var programs = run.stream().map(TestResult::program).collect(Collectors.toSet());
        for (var program : programs) {
            var own =
                    run.stream()
                            .filter(result -> result.program().equals(program))
                            .filter(result -> tests.stream().anyMatch(t -> isOf(t, result)))
                            .toList();
            if (own.stream().anyMatch(result -> result.outcome().equals(TestResult.PASSED))) {
                merged.put(program, peersAfter(program, tests, own));
            }
        }
        return new LastGreen(merged);
    }

    private Set<String> peersAfter(String program, List<ProvingTest> tests, List<TestResult> own) {
        var peers = new TreeSet<String>();
        own.stream()
                .filter(result -> result.outcome().equals(TestResult.PASSED))
                .forEach(result -> peers.addAll(result.peers()));
        boolean complete =
                own.stream().allMatch(result -> result.outcome().equals(TestResult.PASSED))
                        && tests.stream().allMatch(t -> own.stream().anyMatch(r -> isOf(t, r)));
        if (!complete) {
            var libraries = peers.stream().map(LastGreen::library).collect(Collectors.toSet());
            peersByProgram.getOrDefault(program, Set.of()).stream()
                    .filter(peer -> !libraries.contains(library(peer)))
                    .forEach(peers::add);
        }
        return peers;
    }

    private static boolean isOf(ProvingTest test, TestResult result) {
        return test.className().equals(result.className()) && test.method().equals(result.method());
    }

    private static String library(String peer) {
        return peer.substring(0, Math.max(peer.lastIndexOf(' '), 0));
    }

    @Override
    public String toString() {
        return peersByProgram.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry ->
                        entry.getValue().isEmpty()
                                ? entry.getKey()
                                : entry.getKey()
                                        + ": "
                                        + entry.getValue().stream()
                                                .sorted()
                                                .collect(Collectors.joining(", ")))
                .collect(Collectors.joining("; "));
    }
}
