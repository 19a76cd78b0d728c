// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.time.Instant;
import java.util.List;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// A provider that this node knows.
///
/// @param key that it provides
/// @param peer who
/// @param addresses where
/// @param expires when the entry ends
public record StoredProvider(byte[] key, PeerId peer, List<Multiaddr> addresses, Instant expires) {
    public StoredProvider {
        addresses = List.copyOf(addresses);
    }
}
