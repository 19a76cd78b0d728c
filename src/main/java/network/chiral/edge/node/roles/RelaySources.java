// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.roles;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.kad.Dht;
import network.chiral.edge.libp2p.protocol.relay.client.RelayCandidate;
import network.chiral.edge.node.cache.CachedPeer;

/// Where an edge hears of relays: its cache, and the DHT.
final class RelaySources {
    /// The provider key under which Chiral's relays announce themselves.
    private static final byte[] RELAY_SERVICE =
            "chiral:service:relay".getBytes(StandardCharsets.UTF_8);

    private RelaySources() {}

    /// The relays among `peers`, the most reliable first.
    static List<RelayCandidate> cached(List<CachedPeer> peers) {
        return peers.stream()
                .filter(CachedPeer::supportsRelay)
                .sorted(Comparator.comparingDouble(CachedPeer::reliabilityScore).reversed())
                .flatMap(peer -> candidate(peer).stream())
                .toList();
    }

    private static Optional<RelayCandidate> candidate(CachedPeer peer) {
        try {
            return Optional.of(
                    new RelayCandidate(
                            PeerId.parse(peer.peerId()),
                            peer.addresses().stream().map(Multiaddr::parse).toList(),
                            RelayCandidate.Source.CACHED));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no address that this node understands
        }
    }

    /// Whom the DHTs list as providers of the relay service. Blocks.
    static List<RelayCandidate> providers(Host host) {
        return host.dhts().stream()
                .flatMap(RelaySources::providers)
                .filter(relay -> !relay.peer().equals(host.peerId()))
                .toList();
    }

    private static Stream<RelayCandidate> providers(Dht dht) {
        try {
            return dht.client().findProviders(RELAY_SERVICE).stream()
                    .map(peer ->
                            new RelayCandidate(
                                    peer.id(), peer.addresses(), RelayCandidate.Source.PROVIDER));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Stream.empty();
        }
    }
}
