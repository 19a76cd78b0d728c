// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.nio.file.Path;
import java.util.Optional;

/// What was found where the cache file is expected.
public sealed interface LoadOutcome {
    /// Nothing: the first start, or a new volume.
    record Missing() implements LoadOutcome {}

    /// A file without a fault.
    record Loaded() implements LoadOutcome {}

    /// A file without a fault, by a program that knows a later version of the format.
    record LoadedNewerVersion(long version) implements LoadOutcome {}

    /// A damaged file, or a link, of which some peers could be kept.
    ///
    /// @param setAsideAs where the original lies now; empty if it was only looked at, or
    ///     could not be renamed
    record Salvaged(int kept, Optional<Path> setAsideAs, String reason) implements LoadOutcome {}

    /// Something of which no peer could be kept.
    ///
    /// @param setAsideAs where it lies now; empty if it was only looked at, or
    ///     could not be renamed
    record Unreadable(Optional<Path> setAsideAs, String reason) implements LoadOutcome {}
}
