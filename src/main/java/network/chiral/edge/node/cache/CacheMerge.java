// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// Brings the peers of two cache files together.
///
/// Of a peer that both know, the entry that saw it last is right; the addresses of the other one are kept
/// behind its own. So the same file merged twice changes nothing, and no transfer counts twice.
///
/// @param peers those of the new file
/// @param added peers that only the other file knew
/// @param updated peers of which the other file knew something that ours did not
/// @param leftOut peers that are stale, had no transfer, or did not fit
public record CacheMerge(List<CachedPeer> peers, int added, int updated, int leftOut) {
    public CacheMerge {
        peers = List.copyOf(peers);
    }

    /// Merges `other` into `own`.
    public static CacheMerge of(
            List<CachedPeer> own, List<CachedPeer> other, CacheRules rules, Instant now) {
        Map<String, CachedPeer> all = new LinkedHashMap<>();
        own.forEach(peer -> all.put(peer.peerId(), peer));
        other.forEach(peer -> all.merge(peer.peerId(), peer, CacheMerge::both));
        var kept = rules.toSave(List.copyOf(all.values()), now);
        Map<String, CachedPeer> before = new LinkedHashMap<>();
        own.forEach(peer -> before.put(peer.peerId(), peer));
        int added = 0;
        int updated = 0;
        for (var peer : kept) {
            var old = before.get(peer.peerId());
            added += old == null ? 1 : 0;
            updated += old != null && !old.equals(peer) ? 1 : 0;
        }
        return new CacheMerge(kept, added, updated, all.size() - kept.size());
    }

    private static CachedPeer both(CachedPeer own, CachedPeer other) {
        boolean otherIsNewer = other.lastSeen() > own.lastSeen();
        var newer = otherIsNewer ? other : own;
        var older = otherIsNewer ? own : other;
        var addresses = new LinkedHashSet<>(newer.addresses());
        addresses.addAll(older.addresses());
        return new CachedPeer(
                newer.peerId(),
                addresses.stream().limit(PeerEntry.MAX_ADDRESSES).toList(),
                newer.lastSeen(),
                newer.connectionCount(),
                newer.successfulTransfers(),
                newer.failedTransfers(),
                newer.totalBytesTransferred(),
                newer.averageLatencyMs(),
                own.isBootstrap() || other.isBootstrap(),
                newer.supportsRelay(),
                newer.reliabilityScore());
    }
}
