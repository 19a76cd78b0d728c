// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConformancePageTest {
    private static final Rule PROVED =
            new Rule("ping", "P1", "MUST", "ping.md", "an echo | back", "");
    private static final Rule UNPROVED =
            new Rule("ping", "P9", "MUST", "ping.md", "no second stream", "we never open one");
    private static final List<Rule> RULES = List.of(PROVED, UNPROVED);
    private static final ProvingTest UNIT =
            new ProvingTest("a.EchoTest", "sendsBack", List.of("P1"));
    private static final ProvingTest WITH_PEERS =
            new ProvingTest("a.PingIT", "answers", List.of("P1"));
    private static final List<ProvingTest> TESTS = List.of(UNIT, WITH_PEERS);

    private static TestResult run(String program, String outcome, String... peers) {
        return new TestResult(
                "now", program + outcome, program, "a.PingIT", "answers", outcome, Set.of(peers));
    }

    private static String page(String before, TestResult... run) {
        return new ConformancePage(RULES, TESTS, List.of(run), before).text();
    }

    @Test
    void namesTheTestsOfARuleAndWhomTheyMet() {
        var page = page("", run("jar", "passed", "go 1.2"), run("jar", "passed", "js 3.4"));

        assertThat(page)
                .contains(
                        "| P1 | an echo \\| back | MUST | ping.md |"
                                + " [EchoTest.sendsBack](../src/test/java/a/EchoTest.java)<br>"
                                + "[PingIT.answers](../src/test/java/a/PingIT.java) |"
                                + " jar: go 1.2, js 3.4 |\n")
                .contains("| P9 | MUST | no second stream | we never open one |\n")
                .contains("| [ping](#ping) | 2 | 1 | 1 |\n");
    }

    @Test
    void staysTheSameWhenNothingRanAgain() {
        var before = page("", run("jar", "passed", "go 1.2"));

        var after = page(before);

        assertThat(after).isEqualTo(before);
    }

    @Test
    void keepsThePeersThatWereSkipped() {
        var before = page("", run("jar", "passed", "go 1.2"), run("jar", "passed", "js 3.4"));

        var after = page(before, run("jar", "passed", "go 1.3"), run("jar", "skipped"));

        assertThat(after).contains("| jar: go 1.3, js 3.4 |");
    }

    @Test
    void forgetsThePeersThatACompleteRunDidNotMeet() {
        var before = page("", run("jar", "passed", "go 1.2"), run("jar", "passed", "js 3.4"));

        var after = page(before, run("jar", "passed", "go 1.2"));

        assertThat(after).contains("| jar: go 1.2 |");
    }

    @Test
    void tellsTheJarFromTheExecutable() {
        var before = page("", run("executable", "passed", "go 1.1"));

        var after = page(before, run("jar", "passed", "go 1.2"));

        assertThat(after).contains("| executable: go 1.1; jar: go 1.2 |");
    }

    @Test
    void takesAFailureForNoProof() {
        var page = page("", run("jar", "failed", "go 1.2"));

        assertThat(page).contains("| own stack |").doesNotContain("go 1.2");
    }

    @Test
    void refusesTwoRulesOfOneName(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("a.tsv"), "id\tlevel\tsource\trule\nA1\tMUST\ts\tr\n");
        Files.writeString(folder.resolve("b.tsv"), "id\tlevel\tsource\trule\nA1\tMUST\ts\tr\n");

        assertThatThrownBy(() -> RuleFiles.read(folder)).hasMessageContaining("A1");
    }

    @Test
    void refusesALineThatIsNoRule(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("a.tsv"), "id\tlevel\tsource\trule\nA1\tPERHAPS\ts\tr\n");

        assertThatThrownBy(() -> RuleFiles.read(folder)).hasMessageContaining("PERHAPS");
    }

    @Test
    void readsTheReasonOfAGap(@TempDir Path folder) throws IOException {
        Files.writeString(
                folder.resolve("a.tsv"), "id\tlevel\tsource\trule\tgap\nA1\tMUST\ts\tr\tlater\n");

        assertThat(RuleFiles.read(folder))
                .containsExactly(new Rule("a", "A1", "MUST", "s", "r", "later"));
    }
}
