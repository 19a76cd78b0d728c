// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;
import network.chiral.edge.node.command.Commands;

/// Runs a command, or starts the node.
@QuarkusMain
public final class Main {
    private Main() {}

    @SuppressWarnings("SystemOut") // a command answers whoever typed it
    public static void main(String... args) {
        var code = Commands.run(List.of(args), System.out, System.err);
        if (code.isPresent()) {
            System.exit(code.getAsInt());
        }
        Quarkus.run(args);
    }
}
