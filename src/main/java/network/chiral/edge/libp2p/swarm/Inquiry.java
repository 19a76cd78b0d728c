// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Duration;
import network.chiral.edge.libp2p.negotiation.ProtocolId;

/// A message on a stream of its own that is answered with one message.
///
/// @param protocol that is spoken
/// @param message that is sent, right behind the proposal of the protocol
/// @param maxLength of the answer
/// @param patience from the stream's opening to the answer
public record Inquiry(ProtocolId protocol, byte[] message, int maxLength, Duration patience) {}
