// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// Where peers say that they see this node, and which of it enough of them agree on.
///
/// A peer that came in says what it has dialled: an address of this node as it is outside, port
/// included. A peer that was dialled sees this node at a port that is used once and leads nowhere,
/// because dials leave from ports of their own; of its word only the IP is of use, and together with
/// the port that this node listens on it makes a guess.
///
/// Four observers have to agree (go-libp2p's ActivationThresh), an observer being an IPv4 address or an
/// IPv6 /56, so that one host with many peer ids is one. A peer's word holds while it is connected and
/// half an hour after (go-libp2p's OwnObservedAddrTTL). Time is an argument; every method is synchronized.
final class ObservedAddressTable {
    static final int OBSERVERS = 4;
    static final int MAX_PEERS = 1024;

    /// go-libp2p's maxExternalThinWaistAddrsPerLocalAddr.
    static final int MAX_CANDIDATES = 3;

    static final Duration LIFETIME = Duration.ofMinutes(30);

    private static final int PREFIX_BYTES = 7; // of 56 bits

    /// An address that enough observers agree on.
    ///
    /// @param guessed where its port is this node's own idea
    record Candidate(Multiaddr address, int observers, boolean guessed) {}

    private record Observation(
            String observer, Multiaddr address, boolean guessed, Optional<Instant> left) {
        boolean holds(Instant now) {
            return left.map(at -> at.plus(LIFETIME).isAfter(now)).orElse(true);
        }
    }

    private final Map<PeerId, Observation> byPeer =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<PeerId, Observation> eldest) {
                    return size() > MAX_PEERS;
                }
            };

    /// `peer` at `from` sees this node at `address`. Its latest word counts.
    synchronized void observe(PeerId peer, InetAddress from, Multiaddr address, boolean guessed) {
        byPeer.remove(peer);
        byPeer.put(peer, new Observation(observer(from), address, guessed, Optional.empty()));
    }

    /// `peer` has gone.
    synchronized void left(PeerId peer, Instant now) {
        byPeer.computeIfPresent(
                peer,
                (_, seen) ->
                        new Observation(
                                seen.observer(), seen.address(), seen.guessed(), Optional.of(now)));
    }

    private static String observer(InetAddress from) {
        var bytes = from.getAddress();
        int significant = from instanceof Inet4Address ? bytes.length : PREFIX_BYTES;
        return HexFormat.of().formatHex(bytes, 0, significant);
    }

    /// What enough observers agree on, the most agreed on first.
    synchronized List<Candidate> candidates(Instant now) {
        byPeer.values().removeIf(seen -> !seen.holds(now));
        var observers = new HashMap<Multiaddr, Set<String>>();
        var seenAsItIs = new HashSet<Multiaddr>();
        for (var seen : byPeer.values()) {
            observers.computeIfAbsent(seen.address(), _ -> new HashSet<>()).add(seen.observer());
            if (!seen.guessed()) {
                seenAsItIs.add(seen.address());
            }
        }
        return observers.entrySet().stream()
                .filter(entry -> entry.getValue().size() >= OBSERVERS)
                .map(entry ->
                        new Candidate(
                                entry.getKey(),
                                entry.getValue().size(),
                                !seenAsItIs.contains(entry.getKey())))
                .sorted(
                        Comparator.comparingInt(Candidate::observers)
                                .reversed()
                                .thenComparing(candidate -> candidate.address().toString()))
                .limit(MAX_CANDIDATES)
                .toList();
    }

    synchronized int size() {
        return byPeer.size();
    }
}
