// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import java.io.IOException;
import java.util.List;

/// Something that the program does at a shell.
interface Command {
    /// One word, or two where the first names a group: `cache show`.
    String name();

    /// What it does, in half a line.
    String summary();

    /// What stands behind `usage:`, and a line or more for every option.
    String help();

    /// @param typed what stands behind the name
    /// @return the exit code
    /// @throws BadUsage where that is not how it is used
    /// @throws IOException where it failed; the message is a sentence
    /// @throws network.chiral.edge.node.BadConfiguration where the configuration does not let it
    int run(List<String> typed, Console console) throws BadUsage, IOException;
}
