// SPDX-License-Identifier: Apache-2.0
/// `/ipfs/id/1.0.0` and `/ipfs/id/push/1.0.0`: who a peer is, what it speaks, where it listens.
///
/// Read [IdentifyService] first; [IdentifyMessage] is what crosses the wire.
@NullMarked
package network.chiral.edge.libp2p.protocol.identify;

import org.jspecify.annotations.NullMarked;
