// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reload;

import java.util.List;

/// Makes something of a file's lines.
@FunctionalInterface
public interface FileReader<T> {
    /// @param lines without comments and blank ones, stripped
    /// @throws BadFile where they make no sense
    T read(List<Line> lines) throws BadFile;

    /// One line.
    ///
    /// @param number as an editor counts
    record Line(int number, String text) {}
}
