// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.identify;

import java.util.List;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;

/// What is known of a connected peer by its own words.
///
/// @param agentVersion empty where it said none
/// @param protocolVersion empty where it said none
/// @param listenAddresses those of its signed record where it has one, else those it listed
/// @param protocols what it answers
public record PeerInfo(
        String agentVersion,
        String protocolVersion,
        List<Multiaddr> listenAddresses,
        List<ProtocolId> protocols) {
    static final PeerInfo UNKNOWN = new PeerInfo("", "", List.of(), List.of());

    public PeerInfo {
        listenAddresses = List.copyOf(listenAddresses);
        protocols = List.copyOf(protocols);
    }

    public boolean speaks(ProtocolId protocol) {
        return protocols.contains(protocol);
    }
}
