// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads `src/test/conformance/*.tsv`: a header, then one rule a line, tabs between the columns.
final class RuleFiles {
    static final Path FOLDER = Path.of("src/test/conformance");

    private static final String HEADER = "id\tlevel\tsource\trule";
    private static final Set<String> LEVELS = Set.of("MUST", "SHOULD", "MAY", "OURS");

    private RuleFiles() {}

    /// All rules, by file and in the order of the file.
    static List<Rule> read(Path folder) {
        try (var files = Files.list(folder)) {
            var rules = new ArrayList<Rule>();
            for (var file : files.filter(f -> f.toString().endsWith(".tsv")).sorted().toList()) {
                rules.addAll(readFile(file));
            }
            refuseTwins(rules);
            return rules;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Rule> readFile(Path file) throws IOException {
        var area = file.getFileName().toString().replace(".tsv", "");
        var lines = Files.readAllLines(file);
        if (lines.isEmpty() || !lines.getFirst().startsWith(HEADER)) {
            throw new IllegalArgumentException(file + " does not begin with: " + HEADER);
        }
        return lines.stream().skip(1).filter(l -> !l.isBlank()).map(l -> rule(area, l)).toList();
    }

    private static Rule rule(String area, String line) {
        var columns = line.split("\t", -1);
        if (columns.length < 4 || columns.length > 5 || !LEVELS.contains(columns[1])) {
            throw new IllegalArgumentException(
                    "not id, level, source, rule and perhaps gap in " + area + ".tsv: " + line);
        }
        var gap = columns.length == 5 ? columns[4].strip() : "";
        return new Rule(area, columns[0], columns[1], columns[2], columns[3].strip(), gap);
    }

    private static void refuseTwins(List<Rule> rules) {
        var seen = new HashSet<String>();
        for (var rule : rules) {
            if (!seen.add(rule.id())) {
                throw new IllegalArgumentException("two rules are called " + rule.id());
            }
        }
    }
}
