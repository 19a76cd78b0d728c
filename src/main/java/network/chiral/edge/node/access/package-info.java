// SPDX-License-Identifier: Apache-2.0
/// Whom the node lets do what: allow and deny lists, tokens for the relay, and which autonomous system an
/// address belongs to. All from mounted files that may change while the node runs; [AccessFiles] puts
/// them together.
@NullMarked
package network.chiral.edge.node.access;

import org.jspecify.annotations.NullMarked;
