// SPDX-License-Identifier: Apache-2.0
/// What the node remembers of its peers across restarts, in the file that Chiral's client writes.
///
/// Read [PeerCache] first: it is the whole life of the cache, one load and many saves. [CachedPeer] is
/// one line of memory. [PeerHistory] is the table that grows while the node runs, with one [KnownPeer]
/// for each peer; [CacheRules] and [Reliability] decide what is worth keeping.
///
/// On disk: [PeerCacheFile] knows what to do with whatever lies at the path, [ReplaceableFile] replaces
/// a file so that a crash leaves the old one or the new one, [PeerCacheText] writes the format with
/// [ShortestDecimal], and [PeerCacheReader] reads it back liberally with [PeerEntry], [PeerAddresses]
/// and [BestPeers]. [CacheLoad], [LoadOutcome] and [SaveOutcome] say how it went, [CacheStatistics] sums
/// it up.
@NullMarked
package network.chiral.edge.node.cache;

import org.jspecify.annotations.NullMarked;
