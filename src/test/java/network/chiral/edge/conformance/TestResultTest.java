// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestResultTest {
    @TempDir Path folder;

    private static TestResult of(String build, String id, String outcome) {
        return new TestResult(build, id, "jar", "a.PingIT", "answers", outcome, Set.of());
    }

    @Test
    void processesOfOneBuildAddToOneAnother() {
        var go = of("now", "go", TestResult.PASSED);
        var rust = of("now", "rust", TestResult.PASSED);

        TestResult.add(folder, List.of(go));
        TestResult.add(folder, List.of(rust));

        assertThat(TestResult.readAll(folder)).containsExactly(go, rust);
    }

    @Test
    void theSecondRunOfATestCounts() {
        var passed = of("now", "go", TestResult.PASSED);

        TestResult.add(folder, List.of(of("now", "go", TestResult.FAILED)));
        TestResult.add(folder, List.of(passed));

        assertThat(TestResult.readAll(folder)).containsExactly(passed);
    }

    @Test
    void whatAnEarlierBuildGaveIsGone() {
        var now = of("now", "rust", TestResult.PASSED);

        TestResult.add(folder, List.of(of("before", "go", TestResult.PASSED)));
        TestResult.add(folder, List.of(now));

        assertThat(TestResult.readAll(folder)).containsExactly(now);
    }
}
