// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.configuration;

import java.util.Optional;

/// A name that looks like one of ours, and that nobody reads.
///
/// @param name as it was written
/// @param origin where it was written
/// @param nearest what may have been meant, in the same spelling
public record UnknownKey(String name, String origin, Optional<String> nearest) {
    /// One sentence, which never shows the value.
    public String sentence() {
        return name
                + " ("
                + origin
                + ") is no key of this program"
                + nearest.map(word -> "; did you mean " + word + "?").orElse("");
    }
}
