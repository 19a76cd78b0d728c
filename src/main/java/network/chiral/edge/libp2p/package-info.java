// SPDX-License-Identifier: Apache-2.0
/// The wire stack: libp2p on Netty, as a library.
///
/// Reading order: `multiformats` and `identity` (what an address and a peer are), `wire` (how messages
/// are spelled), `crypto` (ciphers and curves), `transport`, `negotiation`, `security.noise` and
/// `muxer.yamux` (how a socket becomes a connection with streams), `swarm` (all connections, dial and
/// accept), `protocol.*` (one conversation each), and `host`, the only place that knows all of them.
@NullMarked
package network.chiral.edge.libp2p;

import org.jspecify.annotations.NullMarked;
