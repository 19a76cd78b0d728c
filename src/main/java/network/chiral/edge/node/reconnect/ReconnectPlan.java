// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reconnect;

import java.util.ArrayList;
import java.util.List;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.node.cache.CachedPeer;
import org.jspecify.annotations.Nullable;

/// Whom to redial, in which order, and where.
///
/// @param known cached peers that are not stale
/// @param relayCapable those of them that relay
/// @param targets those with an address that this node may dial; relays first, then the most reliable
record ReconnectPlan(int known, int relayCapable, List<Target> targets) {

    /// One peer to redial.
    record Target(PeerId peer, List<Multiaddr> addresses) {
        Target {
            addresses = List.copyOf(addresses);
        }
    }

    ReconnectPlan {
        targets = List.copyOf(targets);
    }

    /// @param peers in the order in which to dial them
    /// @param self is never dialled, whatever the cache says
    static ReconnectPlan of(List<CachedPeer> peers, AddressScope scope, PeerId self) {
        var targets = new ArrayList<Target>();
        int relays = 0;
        for (var peer : peers) {
            relays += peer.supportsRelay() ? 1 : 0;
            var id = peerId(peer.peerId());
            var addresses = id == null ? List.<Multiaddr>of() : dialable(peer, scope);
            if (id != null && !addresses.isEmpty() && !id.equals(self)) {
                targets.add(new Target(id, addresses));
            }
        }
        return new ReconnectPlan(peers.size(), relays, targets);
    }

    private static @Nullable PeerId peerId(String text) {
        try {
            return PeerId.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static List<Multiaddr> dialable(CachedPeer peer, AddressScope scope) {
        var addresses = new ArrayList<Multiaddr>();
        for (var text : peer.addresses()) {
            try {
                var address = Multiaddr.parse(text);
                boolean name = address.dnsName().isPresent();
                if ((name || address.isPlainTcp()) && scope.allows(address)) {
                    addresses.add(address);
                }
            } catch (IllegalArgumentException e) {
                // of a transport that this node does not have
            }
        }
        return addresses;
    }
}
