// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The instructions of an image's recipe, continued lines joined.
record Containerfile(Path file, List<Instruction> instructions) {
    private static final Path FOLDER = Path.of("deploy");
    private static final Pattern CONTINUED = Pattern.compile("\\\\\\n\\s*");

    record Instruction(String word, String rest) {}

    static Stream<Containerfile> all() {
        try (var files = Files.list(FOLDER)) {
            return files
                    .filter(file -> file.getFileName().toString().startsWith("Containerfile."))
                    .sorted()
                    .map(Containerfile::read)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Containerfile read(Path file) {
        try {
            var instructions =
                    CONTINUED
                            .matcher(Files.readString(file))
                            .replaceAll("")
                            .lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .map(line -> line.split("\\s+", 2))
                            .map(words -> new Instruction(words[0], words[1].strip()))
                            .toList();
            return new Containerfile(file, instructions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What follows the only instruction of this name.
    String the(String word) {
        var found = instructions.stream().filter(each -> each.word().equals(word)).toList();
        if (found.size() != 1) {
            throw new AssertionError(file + ": expected one " + word + ", found " + found.size());
        }
        return found.getFirst().rest();
    }

    Stream<String> environment() {
        return instructions.stream()
                .filter(each -> each.word().equals("ENV"))
                .flatMap(each -> Stream.of(each.rest().split("\\s+")));
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
