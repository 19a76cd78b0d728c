// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.multiformats.MultiaddrProtocol;
import network.chiral.edge.libp2p.swarm.AddressScope;

/// Which addresses of a peer are worth keeping and handing out.
///
/// Those in scope, without the peer's own id at the end; circuits through one relay that is in scope
/// itself, because a Chiral peer behind NAT has no others.
final class PeerAddresses {
    /// Of one peer.
    static final int MAX = 16;

    /// Circuits of one peer; Chiral's first epoch reserves at every relay it meets.
    static final int MAX_CIRCUITS = 6;

    /// All addresses of one peer together: twenty such peers fit into one packet of 16 KiB.
    static final int MAX_BYTES = 700;

    private PeerAddresses() {}

    /// The direct ones first, each in the order in which the peer told them.
    static List<Multiaddr> worthKeeping(
            PeerId peer, Collection<Multiaddr> told, AddressScope scope) {
        var direct = new LinkedHashSet<Multiaddr>();
        var circuits = new LinkedHashSet<Multiaddr>();
        for (var address : told) {
            var own = withoutOwnPeer(peer, address);
            if (own.isPresent() && scope.allows(own.get())) {
                switch (circuitsIn(own.get())) {
                    case 0 -> direct.add(own.get());
                    case 1 -> circuits.add(own.get());
                    default -> {} // nobody dials through two relays
                }
            }
        }
        return bounded(direct, circuits);
    }

    private static List<Multiaddr> bounded(
            Collection<Multiaddr> direct, Collection<Multiaddr> circuits) {
        var kept = new ArrayList<Multiaddr>();
        int room = MAX_BYTES;
        int reserved = Math.min(circuits.size(), MAX_CIRCUITS);
        for (var address : direct) {
            int length = address.bytes().length;
            if (kept.size() < MAX - reserved && length <= room) {
                kept.add(address);
                room -= length;
            }
        }
        int taken = 0;
        for (var address : circuits) {
            int length = address.bytes().length;
            if (taken < MAX_CIRCUITS && length <= room) {
                kept.add(address);
                room -= length;
                taken++;
            }
        }
        return kept;
    }

    private static long circuits(Multiaddr address) {
        return address.parts().stream()
                .filter(part -> part.protocol() == MultiaddrProtocol.P2P_CIRCUIT)
                .count();
    }

    private static int circuitsIn(Multiaddr address) {
        return (int) Math.min(2, circuits(address));
    }

    /// Empty where the address leads to somebody else.
    private static Optional<Multiaddr> withoutOwnPeer(PeerId peer, Multiaddr address) {
        var named = address.peer();
        if (named.isEmpty()) {
            return Optional.of(address);
        }
        return Arrays.equals(named.get(), peer.bytes()) ? address.withoutPeer() : Optional.empty();
    }
}
