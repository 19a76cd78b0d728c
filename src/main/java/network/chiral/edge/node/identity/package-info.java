// SPDX-License-Identifier: Apache-2.0
/// Where this node's key comes from: a file on its volume, or a secret.
@NullMarked
package network.chiral.edge.node.identity;

import org.jspecify.annotations.NullMarked;
