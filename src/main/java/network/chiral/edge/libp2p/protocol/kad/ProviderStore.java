// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import org.jspecify.annotations.Nullable;

/// Who provides which keys, each entry until it expires.
///
/// A peer's addresses are kept once however many keys it provides, with its line of an answer. A key has
/// twenty providers at most, those nearest to it, as in rust-libp2p's store. Time is an argument; every
/// method is synchronized.
final class ProviderStore {
    /// @param peer who provides
    /// @param wire its `Peer` message
    /// @param addresses in it
    record Provider(PeerId peer, List<Multiaddr> addresses, byte[] wire) {}

    private record Expiry(Instant when, KadKey key, KadKey peer) {}

    private static final class Peer {
        private final PeerId id;
        private final KadKey position;
        private Provider provider;
        private int keys;

        Peer(PeerId id, Provider provider) {
            this.id = id;
            this.position = KadKey.of(id);
            this.provider = provider;
        }
    }

    private static final class Providers {
        private final byte[] key;
        private final Map<Peer, Instant> expires = new HashMap<>(4);

        Providers(byte[] key) {
            this.key = key;
        }
    }

    private final KadLimits limits;
    private final Map<KadKey, Providers> byKey = new HashMap<>();
    private final Map<PeerId, Peer> peers = new HashMap<>();
    private final Map<KadKey, Peer> byPosition = new HashMap<>();
    private final TreeSet<Expiry> byExpiry =
            new TreeSet<>(
                    Comparator.comparing(Expiry::when)
                            .thenComparing(Expiry::key)
                            .thenComparing(Expiry::peer));
    private int entries;
    private long changes;

    ProviderStore(KadLimits limits) {
        this.limits = limits;
    }

    /// `peer` provides `key` until `expires`, at `addresses` from now on.
    synchronized StoreVerdict add(
            byte[] key, PeerId peer, List<Multiaddr> addresses, Instant expires, Instant now) {
        forgetExpired(now);
        if (!expires.isAfter(now)) {
            return new StoreVerdict.Ignored();
        }
        var position = KadKey.of(key);
        var known = peers.get(peer);
        var providers = byKey.get(position);
        var before = expiry(providers, known);
        if (before == null || known == null) {
            var refusal = refusal(peer, known, position, providers);
            if (refusal != null) {
                return new StoreVerdict.Refused(refusal);
            }
        } else {
            byExpiry.remove(new Expiry(before, position, known.position));
        }
        var provider = provider(peer, known, addresses);
        var held = byKey.computeIfAbsent(position, _ -> new Providers(key.clone()));
        held.expires.put(provider, expires);
        byExpiry.add(new Expiry(expires, position, provider.position));
        if (before == null) {
            provider.keys++;
            entries++;
        }
        changes++;
        return new StoreVerdict.Kept(before == null);
    }

    private static @Nullable Instant expiry(@Nullable Providers providers, @Nullable Peer peer) {
        return providers == null || peer == null ? null : providers.expires.get(peer);
    }

    private Peer provider(PeerId id, @Nullable Peer known, List<Multiaddr> addresses) {
        if (known != null && known.provider.addresses().equals(addresses)) {
            return known;
        }
        var told = new Provider(id, List.copyOf(addresses), KadCodec.toBytes(id, addresses));
        if (known != null) {
            known.provider = told;
            return known;
        }
        var fresh = new Peer(id, told);
        peers.put(id, fresh);
        byPosition.put(fresh.position, fresh);
        return fresh;
    }

    private @Nullable KadRefusal refusal(
            PeerId peer, @Nullable Peer known, KadKey position, @Nullable Providers providers) {
        if (limits.providersPerPeer() > 0
                && known != null
                && known.keys >= limits.providersPerPeer()) {
            return KadRefusal.PROVIDERS_PER_PEER;
        }
        if (providers != null && providers.expires.size() >= KadLimits.PROVIDERS_PER_KEY) {
            return makeRoom(position, providers, KadKey.of(peer))
                    ? null
                    : KadRefusal.PROVIDERS_PER_KEY;
        }
        return limits.providers() > 0 && entries >= limits.providers()
                ? KadRefusal.PROVIDERS_FULL
                : null;
    }

    /// The farthest gives way to a nearer one.
    private boolean makeRoom(KadKey key, Providers providers, KadKey candidate) {
        var farthest =
                providers.expires.keySet().stream()
                        .max((a, b) -> key.compareNearness(a.position, b.position))
                        .orElseThrow();
        if (key.compareNearness(candidate, farthest.position) >= 0) {
            return false;
        }
        var expires = providers.expires.get(farthest);
        if (expires != null) {
            byExpiry.remove(new Expiry(expires, key, farthest.position));
        }
        remove(key, providers, farthest);
        return true;
    }

    /// The providers of `key`, in no order.
    synchronized List<Provider> of(byte[] key, Instant now) {
        var providers = byKey.get(KadKey.of(key));
        if (providers == null) {
            return List.of();
        }
        var found = new ArrayList<Provider>(providers.expires.size());
        providers.expires.forEach((peer, expires) -> {
            if (expires.isAfter(now)) {
                found.add(peer.provider);
            }
        });
        return found;
    }

    /// Everything that has not expired.
    synchronized List<StoredProvider> entries(Instant now) {
        forgetExpired(now);
        var all = new ArrayList<StoredProvider>(entries);
        for (var providers : byKey.values()) {
            providers.expires.forEach(
                    (peer, expires) -> all.add(stored(providers.key, peer.provider, expires)));
        }
        return all;
    }

    private static StoredProvider stored(byte[] key, Provider provider, Instant expires) {
        return new StoredProvider(key, provider.peer(), provider.addresses(), expires);
    }

    synchronized void forgetExpired(Instant now) {
        while (!byExpiry.isEmpty() && !byExpiry.first().when().isAfter(now)) {
            var expiry = byExpiry.pollFirst();
            var providers = byKey.get(expiry.key());
            var peer = byPosition.get(expiry.peer());
            if (providers != null && peer != null) {
                remove(expiry.key(), providers, peer);
            }
        }
    }

    private void remove(KadKey key, Providers providers, Peer peer) {
        if (providers.expires.remove(peer) == null) {
            return;
        }
        entries--;
        changes++;
        if (providers.expires.isEmpty()) {
            byKey.remove(key);
        }
        peer.keys--;
        if (peer.keys == 0) {
            peers.remove(peer.id);
            byPosition.remove(peer.position);
        }
    }

    /// Entries of all keys.
    synchronized int size() {
        return entries;
    }

    /// Keys with a provider.
    synchronized int keys() {
        return byKey.size();
    }

    /// Peers that provide something.
    synchronized int peers() {
        return peers.size();
    }

    /// Grows with every change.
    synchronized long changes() {
        return changes;
    }
}
