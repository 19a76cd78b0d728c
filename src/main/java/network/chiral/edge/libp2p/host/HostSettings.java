// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import java.util.List;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.relay.RelayLimits;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.ConnectionLimits;

/// What a host is to be.
///
/// @param crypto ciphers and curves
/// @param identity its key
/// @param listen where it listens: plain TCP addresses with an IP, port 0 for a free one
/// @param announce where it says it may be reached; empty to say where it listens, as far as in scope
/// @param scope which addresses may be announced, answered and dialled
/// @param protocolVersion told in identify
/// @param agentVersion told in identify
/// @param relay limits of the relay
/// @param connections limits of the swarm
public record HostSettings(
        CryptoProvider crypto,
        Identity identity,
        List<Multiaddr> listen,
        List<Multiaddr> announce,
        AddressScope scope,
        String protocolVersion,
        String agentVersion,
        RelayLimits relay,
        ConnectionLimits connections) {
    public HostSettings {
        listen = List.copyOf(listen);
        announce = List.copyOf(announce);
    }
}
