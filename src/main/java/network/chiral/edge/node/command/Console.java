// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import java.io.PrintStream;

/// Where a command answers: what was asked for, and what else there is to say.
record Console(PrintStream out, PrintStream err) {}
