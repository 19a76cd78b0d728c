// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import network.chiral.edge.libp2p.identity.PeerId;

/// What circuits have carried for a peer.
///
/// @param bytes payload of ended circuits that the peer was an end of, both directions together
/// @param circuits how many of them there were
public record PeerTraffic(PeerId peer, long bytes, long circuits) {
    PeerTraffic plus(long more) {
        return new PeerTraffic(peer, bytes + more, circuits + 1);
    }
}
