// SPDX-License-Identifier: Apache-2.0
/// Files that an operator mounts and changes while the node runs: [ReloadedFile] is one of them,
/// [FileReloader] looks after all.
@NullMarked
package network.chiral.edge.node.reload;

import org.jspecify.annotations.NullMarked;
