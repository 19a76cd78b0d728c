// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.identify;

import java.util.List;
import java.util.function.Supplier;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;

/// What this node tells of itself.
///
/// @param protocolVersion the network it belongs to
/// @param agentVersion its program
/// @param addresses where it may be reached, best first; asked for each time
/// @param protocols what it answers; asked for each time
public record SelfDescription(
        String protocolVersion,
        String agentVersion,
        Supplier<List<Multiaddr>> addresses,
        Supplier<List<ProtocolId>> protocols) {}
