// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.time.Instant;

/// How a save ended, for the log, health and metrics.
public sealed interface SaveOutcome {
    /// The time the save was asked for.
    Instant at();

    /// The file holds these peers now.
    record Saved(Instant at, int peers) implements SaveOutcome {}

    /// No peer has earned a line yet; whatever file there was is untouched.
    record NothingToSave(Instant at) implements SaveOutcome {}

    /// The old file is intact; the next save tries again.
    record Failed(Instant at, String error) implements SaveOutcome {}
}
