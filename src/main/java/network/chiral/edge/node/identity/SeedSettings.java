// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.identity;

import java.nio.file.Path;

/// One seed for a set of nodes, and which of them this is.
///
/// @param file the seed, the same for all nodes of the set
/// @param context names the set; nodes of another set get other keys from the same seed
/// @param ordinal the number of this node within the set
public record SeedSettings(Path file, String context, int ordinal) {}
