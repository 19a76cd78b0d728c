// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;

/// Types command lines, and reads the answers.
final class CommandLine {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(stream(out), stream(err));

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /// Runs whatever command the line names.
    OptionalInt run(String... words) {
        return Commands.run(List.of(words), console.out(), console.err());
    }

    /// Runs one command as it is.
    int run(Command command, String... words) throws Exception {
        return command.run(List.of(words), console);
    }

    /// What was said since the last call.
    String out() {
        return taken(out);
    }

    String err() {
        return taken(err);
    }

    private static String taken(ByteArrayOutputStream bytes) {
        var text = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return text;
    }
}
