// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The hard rules of CONTRIBUTING.md that no other tool holds.
class HouseStyleTest {
    private static final Path MAIN = Path.of("src/main/java");
    private static final Path TEST = Path.of("src/test/java");
    private static final int LONGEST_MAIN = 400;
    private static final int LONGEST_TEST = 600;
    private static final Pattern TO_DO = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern ISSUE = Pattern.compile("#\\d+");
    private static final Pattern SLEEP = Pattern.compile("\\bThread\\.sle" + "ep\\(");
    private static final Pattern AUTHOR = Pattern.compile("@aut" + "hor\\b");

    @Test
    void noFileIsLongerThanAReaderTakesInAtOnce() {
        assertThat(longerThan(LONGEST_MAIN, MAIN)).isEmpty();
        assertThat(longerThan(LONGEST_TEST, TEST)).isEmpty();
    }

    @Test
    void everyToDoNamesItsIssue() {
        var nameless =
                lines(MAIN, TEST)
                        .filter(line -> TO_DO.matcher(line.text()).find())
                        .filter(line -> !ISSUE.matcher(line.text()).find())
                        .toList();

        assertThat(nameless).isEmpty();
    }

    @Test
    void noTestSleeps() {
        assertThat(lines(TEST).filter(line -> SLEEP.matcher(line.text()).find())).isEmpty();
    }

    @Test
    void noFileNamesItsAuthor() {
        assertThat(lines(MAIN, TEST).filter(line -> AUTHOR.matcher(line.text()).find())).isEmpty();
    }

    private record Line(Path file, int number, String text) {}

    private static List<String> longerThan(int limit, Path root) {
        var found = new ArrayList<String>();
        for (var file : files(root)) {
            int length = read(file).size();
            if (length > limit) {
                found.add(file + " has " + length + " lines");
            }
        }
        return found;
    }

    private static Stream<Line> lines(Path... roots) {
        return Stream.of(roots)
                .flatMap(root -> files(root).stream())
                .flatMap(file -> {
                    var lines = read(file);
                    return Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
                            .map(i -> new Line(file, i + 1, lines.get(i)));
                });
    }

    private static List<Path> files(Path root) {
        try (var all = Files.walk(root)) {
            return all.filter(file -> file.toString().endsWith(".java")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
