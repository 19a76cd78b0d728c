// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.identify;

import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PublicKey;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;

/// What a peer tells of itself. In a push, what is absent or empty is unchanged.
///
/// @param publicKey its key, absent in most pushes
/// @param listenAddresses where it says it listens, without addresses of unknown protocols
/// @param protocols what it answers
/// @param observedAddress where it sees the other side
/// @param protocolVersion the network, for instance `/chiral/1.0.0`
/// @param agentVersion the program, for instance `chiral/2.0.0`
/// @param signedPeerRecord an envelope, not verified yet
public record IdentifyMessage(
        Optional<PublicKey> publicKey,
        List<Multiaddr> listenAddresses,
        List<ProtocolId> protocols,
        Optional<Multiaddr> observedAddress,
        Optional<String> protocolVersion,
        Optional<String> agentVersion,
        Optional<byte[]> signedPeerRecord) {

    public IdentifyMessage {
        listenAddresses = List.copyOf(listenAddresses);
        protocols = List.copyOf(protocols);
    }
}
