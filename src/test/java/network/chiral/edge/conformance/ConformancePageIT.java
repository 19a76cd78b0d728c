// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Compares `docs/conformance.md` with what the tests of this build gave, or writes it.
///
/// The build runs it behind all other tests. `-Dconformance=write` writes, `off` (the quick
/// profile) does nothing.
class ConformancePageIT {
    private static final Path PAGE = Path.of("docs/conformance.md");

    @Test
    void thePageSaysWhatTheTestsProve() throws IOException {
        var mode = System.getProperty("conformance", "check");
        assumeFalse(mode.equals("off"), "the quick profile checks nothing");
        var before = Files.exists(PAGE) ? Files.readString(PAGE) : "";

        var page =
                new ConformancePage(
                                RuleFiles.read(RuleFiles.FOLDER),
                                ProvingTest.all(),
                                TestResult.readAll(TestResult.FOLDER),
                                before)
                        .text();

        if (mode.equals("write")) {
            Files.writeString(PAGE, page);
        } else {
            assertThat(page)
                    .as(
                            "%s is not what the tests gave; write it anew with"
                                    + " ./mvnw -Dquick test -Dtest=ConformancePageIT -Dconformance=write",
                            PAGE)
                    .isEqualTo(before);
        }
    }
}
