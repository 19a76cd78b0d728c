// SPDX-License-Identifier: Apache-2.0
/// Self-describing values: varints, multibase text, multiaddrs.
///
/// [Multiaddr] is what the rest of the stack uses; it is binary first, and interns nothing that a
/// remote can choose.
@NullMarked
package network.chiral.edge.libp2p.multiformats;

import org.jspecify.annotations.NullMarked;
