// SPDX-License-Identifier: Apache-2.0
/// Many streams over one secure channel.
///
/// [MuxedStream] and [MuxedConnection] are what the swarm sees; `yamux` is the one implementation.
/// Everything here belongs to the connection's event loop and is called on it only.
@NullMarked
package network.chiral.edge.libp2p.muxer;

import org.jspecify.annotations.NullMarked;
