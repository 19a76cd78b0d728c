// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.swarm.ConnectionValue;
import network.chiral.edge.node.NodeSettings;
import network.chiral.edge.node.SettingValue;

/// Keeps the connections to the peers that the cache would hold, and to bootstrap peers.
@Singleton
public class CachedPeerValue implements ConnectionValue {
    /// The list of the peers to save is made anew no more often than this.
    private static final Duration FRESH = Duration.ofSeconds(10);

    private record View(Map<String, Double> reliability, Instant at) {}

    private final PeerHistory history;
    private final Clock clock;
    private final Set<String> bootstraps;
    private volatile View view = new View(Map.of(), Instant.MIN);

    CachedPeerValue(PeerHistory history, NodeSettings settings, Clock clock) {
        this.history = history;
        this.clock = clock;
        this.bootstraps =
                settings.bootstrap().stream()
                        .map(address -> SettingValue.peerOf(address).toString())
                        .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean isProtected(PeerId peer) {
        var name = peer.toString();
        return bootstraps.contains(name) || view().reliability().containsKey(name);
    }

    @Override
    public double value(PeerId peer) {
        return view().reliability().getOrDefault(peer.toString(), 0.0);
    }

    /// The ids of the peers that a save would write; a few seconds old at most.
    public Set<String> saved() {
        return Set.copyOf(view().reliability().keySet());
    }

    private View view() {
        var now = clock.instant();
        var current = view;
        if (current.at().equals(Instant.MIN) || now.isAfter(current.at().plus(FRESH))) {
            var reliability = new HashMap<String, Double>();
            history.snapshot(now)
                    .forEach(saved -> reliability.put(saved.peerId(), saved.reliabilityScore()));
            current = new View(reliability, now);
            view = current;
        }
        return current;
    }
}
