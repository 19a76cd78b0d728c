// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.conformance;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The rules that are listed and the tests that prove them agree.
class ConformanceRulesTest {
    private static final List<Rule> RULES = RuleFiles.read(RuleFiles.FOLDER);
    private static final List<ProvingTest> TESTS = ProvingTest.all();

    @Test
    void everyClauseOfATestIsARule() {
        var known = RULES.stream().map(Rule::id).collect(toSet());

        var strangers =
                TESTS.stream()
                        .flatMap(test -> test.clauses().stream().filter(c -> !known.contains(c)))
                        .distinct()
                        .toList();

        assertThat(strangers).as("clauses that no file of %s lists", RuleFiles.FOLDER).isEmpty();
    }

    @Test
    void everyMustIsProvedOrSaysWhyNot() {
        var proved = TESTS.stream().flatMap(test -> test.clauses().stream()).collect(toSet());

        var owed =
                RULES.stream()
                        .filter(Rule::isOwed)
                        .map(Rule::id)
                        .filter(id -> !proved.contains(id))
                        .toList();

        assertThat(owed).as("MUST rules without a test and without a gap column").isEmpty();
    }

    @Test
    void nothingIsCalledAGapThatATestProves() {
        var proved = TESTS.stream().flatMap(test -> test.clauses().stream()).collect(toSet());

        var filled =
                RULES.stream()
                        .filter(rule -> !rule.gap().isEmpty() && proved.contains(rule.id()))
                        .map(Rule::id)
                        .toList();

        assertThat(filled).isEmpty();
    }
}
