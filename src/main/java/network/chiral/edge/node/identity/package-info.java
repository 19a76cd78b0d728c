// SPDX-License-Identifier: Apache-2.0
/// Where this node's key comes from: a file on its volume, a secret, or a seed that a set of nodes shares.
@NullMarked
package network.chiral.edge.node.identity;

import org.jspecify.annotations.NullMarked;
