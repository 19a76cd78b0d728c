// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Duration;
import java.util.Optional;
import network.chiral.edge.libp2p.negotiation.ProtocolId;

/// A protocol that this node answers.
///
/// @param id its name
/// @param handler who answers
/// @param perConnection conversations at once on one connection; one more is reset
/// @param patience how long a conversation may last until the handler sets another deadline
/// @param prompt what is answered without a conversation; empty for nothing
public record ServedProtocol(
        ProtocolId id,
        StreamHandler handler,
        int perConnection,
        Duration patience,
        Optional<Prompt> prompt) {

    /// One whose every stream is a conversation.
    public ServedProtocol(
            ProtocolId id, StreamHandler handler, int perConnection, Duration patience) {
        this(id, handler, perConnection, patience, Optional.empty());
    }

    /// The same, with what is answered without a conversation.
    public ServedProtocol with(Prompt answers) {
        return new ServedProtocol(id, handler, perConnection, patience, Optional.of(answers));
    }
}
