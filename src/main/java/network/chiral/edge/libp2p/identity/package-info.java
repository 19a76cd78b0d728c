// SPDX-License-Identifier: Apache-2.0
/// Who a peer is: keys, peer ids, and what a key has signed.
///
/// Read [PeerId] first, then [PublicKey] (what remotes may show) and [Identity] (this node's own key).
@NullMarked
package network.chiral.edge.libp2p.identity;

import org.jspecify.annotations.NullMarked;
