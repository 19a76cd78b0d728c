// SPDX-License-Identifier: Apache-2.0
/// How the node writes its log: lines for people, or an object of JSON each for machines.
@NullMarked
package network.chiral.edge.node.log;

import org.jspecify.annotations.NullMarked;
