// SPDX-License-Identifier: Apache-2.0
/// Memory that the node needs no longer, given back to the machine.
///
/// Read [MemoryKeeper] first; [ReliefRule] decides, [NativePages] asks the kernel.
@NullMarked
package network.chiral.edge.node.memory;

import org.jspecify.annotations.NullMarked;
