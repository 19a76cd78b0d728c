// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.conformance;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/// How one run of one test went: a line of `target/conformance/*.jsonl`.
///
/// @param build which build it belongs to
/// @param id of the test, apart for each set of its parameters
/// @param program what was tested: `unit` for our classes, `jar` or `executable` for the packaged node
/// @param peers the libraries that it met, with their versions
record TestResult(
        String build,
        String id,
        String program,
        String className,
        String method,
        String outcome,
        Set<String> peers) {
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
                results.addAll(read(file));
            }
            return results;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Adds to what other processes of the same build have written; what earlier builds wrote goes.
    ///
    /// @param results at least one, all of one build and one program
    static void add(Path folder, Collection<TestResult> results) {
        var one = results.iterator().next();
        try {
            Files.createDirectories(folder);
            var file = folder.resolve(one.program + ".jsonl");
            // not the file itself: a process loses its locks of a file with any stream of it that
            // it closes
            try (var channel = FileChannel.open(folder.resolve("lock"), CREATE, WRITE);
                    var _ = channel.lock()) {
                var all = new LinkedHashMap<String, TestResult>();
                for (var result : Files.exists(file) ? read(file) : List.<TestResult>of()) {
                    if (one.build.equals(result.build)) {
                        all.put(result.id, result);
                    }
                }
                results.forEach(result -> all.put(result.id, result));
                Files.write(file, all.values().stream().map(TestResult::line).toList());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<TestResult> read(Path file) throws IOException {
        var results = new ArrayList<TestResult>();
        for (var line : Files.readAllLines(file)) {
            results.add(JSON.readValue(line, TestResult.class));
        }
        return results;
    }

    private static String line(TestResult result) {
        try {
            return JSON.writeValueAsString(result);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
