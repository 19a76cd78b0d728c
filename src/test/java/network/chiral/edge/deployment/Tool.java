// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A program that checks what operators get. Where it is not installed its tests are skipped, and say so;
/// `.ci/run` installs all of them.
enum Tool {
    KUBECTL("kubectl"),
    HELM("helm"),
    PROMTOOL("promtool");

    /// Where `k8s/tools.sh` puts what no distribution has.
    private static final Path OWN = Path.of("target/tools/bin");

    private final String program;

    Tool(String program) {
        this.program = program;
    }

    /// Skips the test where the program is not there.
    Path path() {
        var folders = Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(Path::of);
        var found =
                Stream.concat(Stream.of(OWN), folders)
                        .map(folder -> folder.resolve(program))
                        .filter(Files::isExecutable)
                        .findFirst();
        assumeTrue(found.isPresent(), program + " is not on the PATH, so nothing was checked");
        return found.orElseThrow().toAbsolutePath();
    }

    /// What it prints on standard output; anything but the exit code 0 is a failure.
    String run(String... arguments) {
        var result = launch(arguments);
        assertThat(result.code()).as("%s: %s", program, result).isZero();
        return result.out();
    }

    /// What it prints, where it has to refuse.
    String refusal(String... arguments) {
        var result = launch(arguments);
        assertThat(result.code()).as("%s: %s", program, result).isNotZero();
        return result.out() + result.err();
    }

    private record Result(int code, String out, String err) {}

    private Result launch(String... arguments) {
        try {
            var command = new ArrayList<>(List.of(path().toString()));
            command.addAll(List.of(arguments));
            var errors = Files.createTempFile(program, ".err");
            var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
            var out = new String(process.getInputStream().readAllBytes(), UTF_8);
            int code = process.waitFor();
            var err = Files.readString(errors);
            Files.delete(errors);
            return new Result(code, out, err);
        } catch (IOException e) {
            throw new IllegalStateException(program, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
