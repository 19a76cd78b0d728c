// SPDX-License-Identifier: Apache-2.0
/// All connections of a host: accept, dial, upgrade, streams.
///
/// Read [Swarm] first, then [Connection] and [Stream] (what protocols see), then `Upgrade` (how a socket
/// becomes a connection) and `Splice` (how two streams become a circuit).
///
/// Threads: a connection belongs to one event loop, and its security and muxer run there only and never
/// block. An inbound stream gets one virtual thread that reads, decides, answers and ends. Joined
/// streams need no thread: their bytes go from event loop to event loop.
@NullMarked
package network.chiral.edge.libp2p.swarm;

import org.jspecify.annotations.NullMarked;
