// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefixMap;

/// Who may do what, by peer and by address.
///
/// What is denied is denied. An allow list that is not empty lets nobody else do what it is about.
///
/// @param allowed who may
/// @param allowedUses what the allow list is about
/// @param denied who may not
/// @param deniedUses what the deny list is about
public record AccessLists(
        Entries allowed, Set<Use> allowedUses, Entries denied, Set<Use> deniedUses) {
    public static final AccessLists OPEN =
            new AccessLists(Entries.NONE, Set.of(), Entries.NONE, Set.of());

    /// What a list can be about.
    public enum Use {
        /// Being connected at all.
        CONNECTION,
        /// Holding a slot of the relay.
        RESERVE,
        /// Opening circuits.
        SOURCE,
        /// Being reached by circuits.
        DESTINATION
    }

    /// What stands in a list.
    public record Entries(Set<PeerId> peers, IpPrefixMap<Boolean> prefixes) {
        public static final Entries NONE = new Entries(Set.of(), IpPrefixMap.empty());

        public Entries {
            peers = Set.copyOf(peers);
        }

        /// The entries of both.
        public Entries and(Entries other) {
            var all = new HashSet<>(peers);
            all.addAll(other.peers);
            return new Entries(all, prefixes.and(other.prefixes));
        }

        boolean isEmpty() {
            return peers.isEmpty() && prefixes.isEmpty();
        }

        boolean holds(PeerId peer, InetAddress from) {
            return peers.contains(peer) || prefixes.holds(from);
        }
    }

    public AccessLists {
        allowedUses = Set.copyOf(allowedUses);
        deniedUses = Set.copyOf(deniedUses);
    }

    /// Whether `peer`, which comes from `from`, may do that.
    public boolean permits(Use use, PeerId peer, InetAddress from) {
        if (deniedUses.contains(use) && denied.holds(peer, from)) {
            return false;
        }
        return allowed.isEmpty() || !allowedUses.contains(use) || allowed.holds(peer, from);
    }

    /// Whether `peer` may be connected, wherever it is.
    public boolean permits(PeerId peer) {
        return !deniedUses.contains(Use.CONNECTION) || !denied.peers().contains(peer);
    }

    /// Whether somebody from `from` may begin a handshake; who it is is not known yet.
    public boolean permitsHandshake(InetAddress from) {
        return !deniedUses.contains(Use.CONNECTION) || !denied.prefixes().holds(from);
    }
}
