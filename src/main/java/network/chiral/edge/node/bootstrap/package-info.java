// SPDX-License-Identifier: Apache-2.0
/// Staying connected to the peers that the operator named.
@NullMarked
package network.chiral.edge.node.bootstrap;

import org.jspecify.annotations.NullMarked;
