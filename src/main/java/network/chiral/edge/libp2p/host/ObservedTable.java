// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// Where other peers see this node, by their own words.
///
/// Time is an argument; every method is synchronized and calls nothing foreign while it holds the lock.
final class ObservedTable {
    /// Addresses remembered; a NAT that maps each connection anew shows one per peer.
    static final int MAX_ADDRESSES = 32;

    /// Peers counted per address; more do not make it truer.
    private static final int MAX_WITNESSES = 8;

    /// An address that nobody has named for this long is forgotten (go-libp2p's ObservedAddrManager has
    /// 30 min too).
    private static final Duration LIFETIME = Duration.ofMinutes(30);

    private static final class Sight {
        final Set<PeerId> witnesses = new HashSet<>();
        Instant latest = Instant.MIN;
    }

    private final LinkedHashMap<Multiaddr, Sight> sights = new LinkedHashMap<>();

    /// `witness` sees this node at `address`.
    synchronized void seen(Multiaddr address, PeerId witness, Instant now) {
        forgetOld(now);
        var sight = sights.remove(address);
        if (sight == null) {
            sight = new Sight();
            if (sights.size() >= MAX_ADDRESSES) {
                sights.pollFirstEntry();
            }
        }
        sights.put(address, sight); // as the youngest
        sight.latest = now;
        if (sight.witnesses.size() < MAX_WITNESSES) {
            sight.witnesses.add(witness);
        }
    }

    private void forgetOld(Instant now) {
        sights.values().removeIf(sight -> now.isAfter(sight.latest.plus(LIFETIME)));
    }

    /// The addresses, those that most peers see first.
    synchronized List<Multiaddr> addresses(Instant now) {
        forgetOld(now);
        return sights.entrySet().stream()
                .sorted(Comparator.comparingInt(sight -> -sight.getValue().witnesses.size()))
                .map(Map.Entry::getKey)
                .toList();
    }
}
