// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.conformance;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Writes down how every test went, for the page on conformance.
///
/// JUnit finds it by its service file. It works where the build says under which name
/// (`conformance.program`), and nowhere else. A test that is run again counts as it went the last time.
public final class ResultRecorder implements TestExecutionListener {
    private final String build = System.getProperty("conformance.build", "");
    private final String program = System.getProperty("conformance.program", "");
    private final Map<String, TestResult> results = new LinkedHashMap<>(); // guarded by this

    @Override
    public void executionStarted(TestIdentifier test) {
        if (test.isTest()) {
            PeersMet.begin();
        }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        record(test, TestResult.SKIPPED);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        record(
                test,
                switch (result.getStatus()) {
                    case SUCCESSFUL -> TestResult.PASSED;
                    case ABORTED -> TestResult.SKIPPED;
                    case FAILED -> TestResult.FAILED;
                });
    }

    private synchronized void record(TestIdentifier test, String outcome) {
        if (test.isTest() && test.getSource().orElse(null) instanceof MethodSource source) {
            results.put(
                    test.getUniqueId(),
                    new TestResult(
                            build,
                            test.getUniqueId(),
                            program,
                            source.getClassName(),
                            source.getMethodName(),
                            outcome,
                            PeersMet.end()));
        }
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan plan) {
        if (!program.isEmpty() && !results.isEmpty()) {
            TestResult.add(TestResult.FOLDER, results.values());
        }
    }
}
