// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Duration;
import network.chiral.edge.libp2p.negotiation.ProtocolId;

/// A protocol that answers unasked: the stream's opening is the question.
///
/// @param protocol that is asked
/// @param maxLength of one message of the answer
/// @param maxMessages taken at most
/// @param patience from the stream's opening to the answer's end
public record Question(ProtocolId protocol, int maxLength, int maxMessages, Duration patience) {}
