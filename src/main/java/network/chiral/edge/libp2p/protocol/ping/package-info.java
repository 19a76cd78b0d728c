// SPDX-License-Identifier: Apache-2.0
/// `/ipfs/ping/1.0.0`: 32 bytes there and back. Answering is the swarm's echo; [PingClient] asks.
@NullMarked
package network.chiral.edge.libp2p.protocol.ping;

import org.jspecify.annotations.NullMarked;
