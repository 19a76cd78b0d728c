// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.conformance;

import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Writes down how every test went, for the page on conformance.
///
/// JUnit finds it by its service file. It works where the build says under which name
/// (`conformance.program`), and nowhere else.
public final class ResultRecorder implements TestExecutionListener {
    private final String program = System.getProperty("conformance.program", "");
    private final List<TestResult> results = new ArrayList<>(); // guarded by this

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
            results.add(
                    new TestResult(
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
            TestResult.write(TestResult.FOLDER, program, results);
        }
    }
}
