// SPDX-License-Identifier: Apache-2.0
/// What the operator sets and sees of AutoNAT: [AutoNatConfig], read by [AutoNatValues], and
/// [ReachabilityReport], which tells the log of each change and the metrics of everything.
@NullMarked
package network.chiral.edge.node.autonat;

import org.jspecify.annotations.NullMarked;
