// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Duration;
import network.chiral.edge.libp2p.negotiation.ProtocolId;

/// A protocol that this node answers.
///
/// @param id its name
/// @param handler who answers
/// @param perConnection conversations at once on one connection; one more is reset
/// @param patience how long a conversation may last until the handler sets another deadline
public record ServedProtocol(
        ProtocolId id, StreamHandler handler, int perConnection, Duration patience) {}
