// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.conformance;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// `docs/conformance.md`: each rule, the tests that prove it, and with whom they last passed.
///
/// The page is its own memory: what a run did not try is taken over from the page before.
final class ConformancePage {
    private static final String OWN_STACK = "own stack";
    private static final String NEVER_RUN = "not run yet";
    private static final String HEAD =
            """
            <!-- Generated: see CONTRIBUTING.md. Do not edit. -->
            # Conformance

            The rules of libp2p's specifications that concern this node, in our words, and the tests that prove them. MUST, SHOULD and
            MAY are the specification's; OURS is what this project asks of itself beyond them. *Last green* names the libraries that the
            packaged node, as jar or as native executable, met in those tests; *own stack* means that both ends were ours, or bytes made
            for the purpose.
            """;
    private static final Pattern UNESCAPED_BAR = Pattern.compile("(?<!\\\\)\\|");

    private final List<Rule> rules;
    private final Map<String, List<ProvingTest>> testsByRule = new HashMap<>();
    private final Map<String, LastGreen> green = new HashMap<>();

    ConformancePage(
            List<Rule> rules, List<ProvingTest> tests, List<TestResult> run, String pageBefore) {
        this.rules = rules;
        for (var test : tests) {
            for (var clause : test.clauses()) {
                testsByRule.computeIfAbsent(clause, _ -> new ArrayList<>()).add(test);
            }
        }
        var before = greenIn(pageBefore);
        for (var rule : rules) {
            var its = tests(rule).stream().filter(ProvingTest::isIntegrationTest).toList();
            green.put(rule.id(), before.getOrDefault(rule.id(), LastGreen.NEVER).after(its, run));
        }
    }

    private List<ProvingTest> tests(Rule rule) {
        return testsByRule.getOrDefault(rule.id(), List.of());
    }

    private static Map<String, LastGreen> greenIn(String page) {
        var found = new HashMap<String, LastGreen>();
        for (var line : page.split("\n")) {
            var columns = UNESCAPED_BAR.split(line);
            if (columns.length == 7) {
                var text = columns[6].strip();
                found.put(
                        columns[1].strip(),
                        text.equals(OWN_STACK) || text.equals(NEVER_RUN)
                                ? LastGreen.NEVER
                                : LastGreen.parse(text));
            }
        }
        return found;
    }

    String text() {
        var areas = new TreeMap<>(rules.stream().collect(groupingBy(Rule::area)));
        var text = new StringBuilder(HEAD);
        text.append("\n| area | rules | proved | not proved |\n|---|---:|---:|---:|\n");
        areas.forEach((area, own) -> text.append(count("[" + area + "](#" + area + ")", own)));
        text.append(count("all", rules));
        appendUnproved(text);
        areas.forEach((area, own) -> appendArea(text, area, own));
        return text.toString();
    }

    private String count(String name, List<Rule> some) {
        long proved = some.stream().filter(rule -> !tests(rule).isEmpty()).count();
        return "| %s | %d | %d | %d |\n".formatted(name, some.size(), proved, some.size() - proved);
    }

    private void appendUnproved(StringBuilder text) {
        var unproved = rules.stream().filter(rule -> tests(rule).isEmpty()).toList();
        if (unproved.isEmpty()) {
            return;
        }
        text.append("\n## Not proved\n\n| rule | level | | why |\n|---|---|---|---|\n");
        for (var rule : unproved) {
            text.append(
                    "| %s | %s | %s | %s |\n"
                            .formatted(
                                    rule.id(),
                                    rule.level(),
                                    cell(rule.wording()),
                                    cell(rule.gap())));
        }
    }

    private void appendArea(StringBuilder text, String area, List<Rule> own) {
        text.append("\n## %s\n\n".formatted(area));
        text.append(
                "| | rule | level | source | tests | last green |\n|---|---|---|---|---|---|\n");
        for (var rule : own) {
            var proof = tests(rule).stream().map(ConformancePage::link).collect(joining("<br>"));
            text.append(
                    "| %s | %s | %s | %s | %s | %s |\n"
                            .formatted(
                                    rule.id(),
                                    cell(rule.wording()),
                                    rule.level(),
                                    cell(rule.source()),
                                    proof,
                                    greenText(rule)));
        }
    }

    private String greenText(Rule rule) {
        if (tests(rule).isEmpty()) {
            return "";
        }
        var text = String.valueOf(green.get(rule.id()));
        boolean unit = tests(rule).stream().anyMatch(test -> !test.isIntegrationTest());
        return !text.isEmpty() ? text : unit ? OWN_STACK : NEVER_RUN;
    }

    private static String link(ProvingTest test) {
        return "[%s](../%s)".formatted(test.label(), test.file());
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
