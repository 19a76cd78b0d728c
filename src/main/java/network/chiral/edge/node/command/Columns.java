// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Rows under headings, in columns as wide as they need; two spaces between them, none at the end.
final class Columns {
    /// A value longer than that pushes the rest of its own row aside, and no other.
    private static final int WIDEST = 48;

    private final List<List<String>> rows = new ArrayList<>();

    Columns(String... headings) {
        rows.add(List.of(headings));
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    void print(PrintStream out) {
        int columns = rows.getFirst().size();
        var widths = new int[columns];
        for (var row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], Math.min(WIDEST, row.get(i).length()));
            }
        }
        for (var row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i));
                line.repeat(' ', Math.max(0, widths[i] - row.get(i).length()) + 2);
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
