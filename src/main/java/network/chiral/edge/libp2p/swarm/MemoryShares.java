// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import network.chiral.edge.libp2p.muxer.yamux.HeldBytes;
import network.chiral.edge.libp2p.muxer.yamux.WindowBudget;
import org.jspecify.annotations.Nullable;

/// What each peer and each address prefix holds of the host's memory, for as long as it is connected.
///
/// Safe for use by many threads.
final class MemoryShares {
    /// @param connections that count here
    private record Share(HeldBytes bytes, int connections) {}

    private final AdmissionLimits limits;
    private final WindowBudget host;

    // guarded by this
    private final Map<PeerId, Share> peers = new HashMap<>();
    private final Map<IpPrefix, Share> prefixes = new HashMap<>();

    /// @param host counts for all
    MemoryShares(AdmissionLimits limits, WindowBudget host) {
        this.limits = limits;
        this.host = host;
    }

    /// Where the bytes of one connection count.
    final class Account {
        private final PeerId peer;
        private final List<ShareLimits.Part> parts;
        private final WindowBudget budget;
        private final HeldBytes ofPeer;

        private Account(PeerId peer, List<ShareLimits.Part> parts) {
            this.peer = peer;
            this.parts = parts;
            var shares = limits.shares();
            var all = new ArrayList<HeldBytes>();
            ofPeer = join(peers, peer, shares.bufferedPerPeer());
            all.add(ofPeer);
            for (var part : parts) {
                all.add(join(prefixes, part.prefix(), shares.bufferedPerIp() * part.times()));
            }
            budget = host.with(all);
        }

        WindowBudget budget() {
            return budget;
        }

        /// Which limit is exceeded; to be asked where one is.
        StreamRefusal refusal() {
            if (host.isOver()) {
                return StreamRefusal.MEMORY;
            }
            return ofPeer.isOver() ? StreamRefusal.MEMORY_OF_PEER : StreamRefusal.MEMORY_OF_PREFIX;
        }

        /// The connection is gone, and holds nothing.
        void close() {
            synchronized (MemoryShares.this) {
                leave(peers, peer);
                parts.forEach(part -> leave(prefixes, part.prefix()));
            }
        }
    }

    /// @param from where the connection comes from; null for what was dialled or goes through a relay
    synchronized Account open(PeerId peer, @Nullable InetAddress from) {
        if (from == null || limits.shares().bufferedPerIp() == 0 || limits.isExempt(from)) {
            return new Account(peer, List.of());
        }
        return new Account(peer, ShareLimits.parts(from));
    }

    private static <K> HeldBytes join(Map<K, Share> shares, K key, long limit) {
        return shares.merge(
                        key,
                        new Share(new HeldBytes(limit), 1),
                        (held, _) -> new Share(held.bytes(), held.connections() + 1))
                .bytes();
    }

    private static <K> void leave(Map<K, Share> shares, K key) {
        shares.computeIfPresent(
                key,
                (_, held) ->
                        held.connections() == 1
                                ? null
                                : new Share(held.bytes(), held.connections() - 1));
    }

    /// Peers and prefixes that are known; for tests.
    synchronized int size() {
        return peers.size() + prefixes.size();
    }
}
