// SPDX-License-Identifier: Apache-2.0
/// The DHTs as the operator sets them up, and what they keep on the volume.
///
/// [KadConfig] is what can be set, `KadReader` checks it, [KadKeeper] saves and loads through
/// `KadFile`.
@NullMarked
package network.chiral.edge.node.kad;

import org.jspecify.annotations.NullMarked;
