// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What is known of one peer, from the file and from today. Guarded by [PeerHistory].
final class KnownPeer {
    /// How many addresses that were dialled with success stand before what the peer says of itself.
    private static final int MAX_CONFIRMED = 4;

    private final String peerId;
    private List<String> addresses = List.of();
    private int confirmed;
    private long lastSeen;
    private long connections;
    private long successful;
    private long failed;
    private long bytes;
    private long latencyMs;
    private boolean bootstrap;
    private boolean relay;
    private boolean identified;
    private boolean transferredToday;
    private boolean restored;
    private double score = Reliability.NEW_PEER;

    KnownPeer(String peerId, boolean bootstrap) {
        this.peerId = peerId;
        this.bootstrap = bootstrap;
    }

    void seen(Instant now) {
        lastSeen = Math.max(0, now.getEpochSecond());
    }

    void connected(List<String> dialled) {
        connections = Math.min(connections + 1, CachedPeer.U32_MAX);
        if (dialled.isEmpty()) {
            return;
        }
        var first = new LinkedHashSet<>(named(dialled));
        first.addAll(addresses.subList(0, confirmed));
        int count = Math.min(first.size(), MAX_CONFIRMED);
        setAddresses(first.stream().limit(count).toList(), addresses);
        confirmed = count;
    }

    void identified(List<String> announced, boolean supportsRelay) {
        identified = true;
        relay = supportsRelay;
        var first = new ArrayList<>(addresses.subList(0, confirmed));
        first.addAll(named(announced));
        setAddresses(first, addresses);
    }

    void measured(long milliseconds) {
        latencyMs = latencyMs == 0 ? milliseconds : (latencyMs + milliseconds) / 2;
    }

    void transferred(long count, boolean succeeded) {
        if (succeeded) {
            successful = Math.min(successful + 1, CachedPeer.U32_MAX);
        } else {
            failed = Math.min(failed + 1, CachedPeer.U32_MAX);
        }
        bytes = CacheStatistics.saturatedSum(bytes, Math.max(0, count));
        score = Reliability.score(successful, failed, latencyMs);
        transferredToday = true;
    }

    void markBootstrap() {
        bootstrap = true;
    }

    /// Adds what the file knows, once; today's knowledge comes first where both know something.
    ///
    /// @return false where a file was asked before
    boolean restore(CachedPeer old) {
        if (restored) {
            return false;
        }
        restored = true;
        boolean onlyFromFile = lastSeen == 0;
        lastSeen = onlyFromFile ? old.lastSeen() : lastSeen;
        connections = Math.min(connections + old.connectionCount(), CachedPeer.U32_MAX);
        successful = Math.min(successful + old.successfulTransfers(), CachedPeer.U32_MAX);
        failed = Math.min(failed + old.failedTransfers(), CachedPeer.U32_MAX);
        bytes = CacheStatistics.saturatedSum(bytes, old.totalBytesTransferred());
        if (old.averageLatencyMs() != 0) {
            long today = latencyMs;
            latencyMs = old.averageLatencyMs();
            if (today != 0) {
                measured(today);
            }
        }
        bootstrap |= old.isBootstrap();
        relay = identified ? relay : relay || old.supportsRelay();
        setAddresses(addresses, named(old.addresses()));
        score =
                transferredToday
                        ? Reliability.score(successful, failed, latencyMs)
                        : old.reliabilityScore();
        return true;
    }

    CachedPeer toCachedPeer() {
        return new CachedPeer(
                peerId,
                addresses,
                lastSeen,
                connections,
                successful,
                failed,
                bytes,
                latencyMs,
                bootstrap,
                relay,
                score);
    }

    private List<String> named(List<String> given) {
        var named = new LinkedHashSet<String>();
        for (var address : given) {
            if (named.size() < PeerEntry.MAX_ADDRESSES) {
                PeerAddresses.naming(peerId, address).ifPresent(named::add);
            }
        }
        return List.copyOf(named);
    }

    private void setAddresses(List<String> first, List<String> then) {
        Set<String> all = new LinkedHashSet<>(first);
        all.addAll(then);
        var bounded = List.copyOf(all);
        addresses =
                bounded.size() <= PeerEntry.MAX_ADDRESSES
                        ? bounded
                        : List.copyOf(bounded.subList(0, PeerEntry.MAX_ADDRESSES));
    }
}
