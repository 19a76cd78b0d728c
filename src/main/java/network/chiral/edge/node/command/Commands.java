// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import java.io.PrintStream;
import java.util.List;
import java.util.OptionalInt;

/// The commands of the program.
public final class Commands {
    /// All is well.
    static final int OK = 0;

    /// The command was understood, and what it asked for failed.
    static final int FAILED = 1;

    /// The command line says something else than a command knows (as the BSD and GNU tools have it).
    static final int USAGE = 2;

    private Commands() {}

    /// Runs the command that `arguments` begin with.
    ///
    /// @return its exit code; empty where they name none and the program is to be a node
    public static OptionalInt run(List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.isEmpty() || !arguments.getFirst().equals(PingCommand.NAME)) {
            return OptionalInt.empty();
        }
        var rest = arguments.subList(1, arguments.size());
        return OptionalInt.of(new PingCommand(out, err).run(rest));
    }
}
