// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// What the node knows of its peers: what it loaded, and what it has seen since.
///
/// Nothing that a peer does makes the others forgotten: a peer that is silent today keeps its line
/// until it is stale. Time is an argument. Every method is synchronized and calls nothing foreign while
/// it holds the lock. A peer whose id is no id is ignored.
public final class PeerHistory {
    /// Our own limit, about a hundred times what is saved.
    public static final int DEFAULT_CAPACITY = 10_000;

    /// Evicted at once, so that a crowd of newcomers does not cost a sort for each.
    private static final int EVICTED_PERCENT = 10;

    /// The peers of a coming file, and the revision of the history they were taken from.
    ///
    /// @param worthAFile false if no peer has earned a line, which must not replace a file; a file
    ///     without peers is right only if all that had earned one are stale, or were forgotten
    record Draft(List<CachedPeer> peers, boolean worthAFile, long revision) {}

    private final CacheRules rules;
    private final int capacity;
    private final Map<String, KnownPeer> peers = new LinkedHashMap<>();
    private final Set<String> bootstraps = new HashSet<>();
    private long revision;
    private long savedRevision;
    private boolean forgotten; // somebody who may be in the file

    /// @param capacity peers in memory; beyond it the least valuable ones are forgotten
    public PeerHistory(CacheRules rules, int capacity) {
        if (capacity < rules.maxPeers()) {
            throw new IllegalArgumentException(
                    "a history of "
                            + capacity
                            + " peers cannot fill a file of "
                            + rules.maxPeers());
        }
        this.rules = rules;
        this.capacity = capacity;
    }

    /// Adds what a file knew. A peer that was restored before is left alone.
    ///
    /// @return how many were not
    synchronized int restore(List<CachedPeer> loaded, Instant now) {
        int restored = 0;
        for (var peer : loaded) {
            if (PeerAddresses.isPeerId(peer.peerId())) {
                restored += known(peer.peerId()).restore(peer) ? 1 : 0;
                evict(now);
            }
        }
        return restored;
    }

    /// Adds what another node's file knew, for the next save; see [#restore].
    synchronized int add(List<CachedPeer> imported, Instant now) {
        int added = restore(imported, now);
        revision += added > 0 ? 1 : 0;
        return added;
    }

    /// A connection stands.
    ///
    /// @param dialableAddresses where the peer was reached; none if it came to us, because the port it
    ///     came from is not the one it listens on
    public synchronized void onConnected(
            String peerId, List<String> dialableAddresses, Instant now) {
        record(peerId, now, peer -> peer.connected(dialableAddresses));
    }

    /// The peer told about itself.
    ///
    /// @param listenAddresses those of its announced addresses that can be dialled from here
    /// @param supportsRelay whether it speaks `/libp2p/circuit/relay/0.2.0/hop`
    public synchronized void onIdentified(
            String peerId, List<String> listenAddresses, boolean supportsRelay, Instant now) {
        record(peerId, now, peer -> peer.identified(listenAddresses, supportsRelay));
    }

    /// The peer is there at this moment.
    public synchronized void onSeen(String peerId, Instant now) {
        record(peerId, now, _ -> {});
    }

    /// A ping came back. What is faster than a millisecond counts as one, because 0 means unknown.
    public synchronized void onLatency(String peerId, Duration roundTrip, Instant now) {
        long milliseconds = Math.clamp(roundTrip.toMillis(), 1, CachedPeer.U32_MAX);
        record(peerId, now, peer -> peer.measured(milliseconds));
    }

    /// A transfer ended, well or not.
    public synchronized void onTransfer(String peerId, long bytes, boolean succeeded, Instant now) {
        record(peerId, now, peer -> peer.transferred(bytes, succeeded));
    }

    /// Marks a peer, known or not yet, as one of the network's entry points.
    public synchronized void onBootstrapPeer(String peerId) {
        if (!PeerAddresses.isPeerId(peerId) || bootstraps.size() >= capacity) {
            return;
        }
        bootstraps.add(peerId);
        var known = peers.get(peerId);
        if (known != null) {
            known.markBootstrap();
            revision++;
        }
    }

    /// Whether anything happened since the last save.
    public synchronized boolean isDirty() {
        return revision != savedRevision;
    }

    public synchronized int size() {
        return peers.size();
    }

    /// All peers in memory, saved or not, in no order.
    public synchronized List<CachedPeer> known() {
        return all();
    }

    /// Forgets a peer; false where it was not known. One that is still connected, or comes back, begins
    /// anew, without its transfers.
    public synchronized boolean forget(String peerId) {
        var peer = peers.remove(peerId);
        if (peer == null) {
            return false;
        }
        forgotten |= rules.isWorthSaving(peer.toCachedPeer());
        revision++;
        return true;
    }

    /// What a save at this moment would write.
    public List<CachedPeer> snapshot(Instant now) {
        return draft(now).peers();
    }

    /// The share of the peers in memory that have not been seen for longer than a file keeps them, 0 to 1.
    public synchronized double staleShare(Instant now) {
        var all = all();
        long stale = all.stream().filter(peer -> rules.isStale(peer, now)).count();
        return all.isEmpty() ? 0 : (double) stale / all.size();
    }

    /// Sums up all peers in memory, saved or not.
    public synchronized CacheStatistics statistics() {
        return CacheStatistics.of(all());
    }

    synchronized Draft draft(Instant now) {
        var all = all();
        boolean worthAFile = forgotten || all.stream().anyMatch(rules::isWorthSaving);
        return new Draft(rules.toSave(all, now), worthAFile, revision);
    }

    synchronized void onSaved(Draft draft) {
        savedRevision = draft.revision();
        forgotten &= revision != savedRevision;
    }

    /// The file on disk is not what was restored from it.
    synchronized void onFileLost() {
        revision++;
    }

    private void record(String peerId, Instant now, Consumer<KnownPeer> event) {
        var peer = peers.get(peerId);
        if (peer == null) {
            if (!PeerAddresses.isPeerId(peerId)) {
                return;
            }
            peer = known(peerId);
        }
        peer.seen(now);
        event.accept(peer);
        revision++;
        evict(now);
    }

    private KnownPeer known(String peerId) {
        return peers.computeIfAbsent(peerId, id -> new KnownPeer(id, bootstraps.contains(id)));
    }

    private List<CachedPeer> all() {
        return peers.values().stream().map(KnownPeer::toCachedPeer).toList();
    }

    private void evict(Instant now) {
        if (peers.size() <= capacity) {
            return;
        }
        int surplus = peers.size() - capacity + capacity * EVICTED_PERCENT / 100;
        all().stream()
                .sorted(leastValuableFirst(now))
                .limit(surplus)
                .forEach(peer -> peers.remove(peer.peerId()));
    }

    /// What would be saved is worth most; among the others, an entry point and whoever was seen last.
    private Comparator<CachedPeer> leastValuableFirst(Instant now) {
        return Comparator.comparing(
                        (CachedPeer peer) -> rules.isWorthSaving(peer) && !rules.isStale(peer, now))
                .thenComparing(CachedPeer::isBootstrap)
                .thenComparing(CacheRules.BEST_FIRST.reversed())
                .thenComparingLong(peer -> Math.min(peer.lastSeen(), now.getEpochSecond()));
    }
}
