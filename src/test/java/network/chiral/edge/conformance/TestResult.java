// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// How one run of one test went: a line of `target/conformance/*.jsonl`.
///
/// @param program what was tested: `unit` for our classes, `jar` or `executable` for the packaged node
/// @param peers the libraries that it met, with their versions
record TestResult(
        String program, String className, String method, String outcome, Set<String> peers) {
    static final Path FOLDER = Path.of("target/conformance");
    static final String PASSED = "passed";
    static final String FAILED = "failed";
    static final String SKIPPED = "skipped";

    private static final ObjectMapper JSON = new ObjectMapper();

    static List<TestResult> readAll(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            var results = new ArrayList<TestResult>();
            for (var file : files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList()) {
                for (var line : Files.readAllLines(file)) {
                    results.add(JSON.readValue(line, TestResult.class));
                }
            }
            return results;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path folder, String program, List<TestResult> results) {
        try {
            Files.createDirectories(folder);
            Files.write(
                    folder.resolve(program + ".jsonl"),
                    results.stream().map(TestResult::line).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(TestResult result) {
        try {
            return JSON.writeValueAsString(result);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
