// SPDX-License-Identifier: Apache-2.0
/// Kademlia, as server and as client (kad-dht/README.md): `/chiral/kad/1.0.0` and whatever other
/// protocol ids a node takes part under, each a DHT of its own.
///
/// Read [Dht] first: it puts one DHT together. [KadService] answers, [KadClient] asks, and [TableKeeper]
/// keeps the [RoutingTable] alive. [RoutingTable], [RecordStore], [ProviderStore] and [ClosestPeers]
/// decide and know no time but what they are told; [KadCodec] spells.
@NullMarked
package network.chiral.edge.libp2p.protocol.kad;

import org.jspecify.annotations.NullMarked;
