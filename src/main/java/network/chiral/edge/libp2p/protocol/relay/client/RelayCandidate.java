// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay.client;

import java.util.List;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// A peer that may give a slot.
///
/// @param peer who it is
/// @param addresses where it is; may be empty for a connected one
/// @param source how it was heard of
public record RelayCandidate(PeerId peer, List<Multiaddr> addresses, Source source) {
    /// Addresses kept of one candidate.
    private static final int MAX_ADDRESSES = 8;

    /// How a relay was heard of, the most trusted first.
    public enum Source {
        /// The operator named it.
        CONFIGURED,
        /// It served well before.
        CACHED,
        /// It is connected and says that it is a relay.
        CONNECTED,
        /// The network lists it as a provider of the relay service.
        PROVIDER
    }

    public RelayCandidate {
        addresses = addresses.stream().limit(MAX_ADDRESSES).toList();
    }
}
