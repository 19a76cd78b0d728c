// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Duration;
import java.util.Optional;
import network.chiral.edge.libp2p.negotiation.ProtocolId;

/// A protocol that this node answers.
///
/// @param id its name
/// @param service how it is answered
/// @param perConnection streams at once on one connection; one more is reset
/// @param patience how long a conversation may last until the handler sets another deadline; how long a
///     request may take to come, and its answer
public record ServedProtocol(ProtocolId id, Service service, int perConnection, Duration patience) {

    /// How streams are answered.
    public sealed interface Service {}

    /// By conversations.
    ///
    /// @param prompt what is answered without one; empty for nothing
    public record Conversations(StreamHandler handler, Optional<Prompt> prompt)
            implements Service {}

    /// Without a thread, each stream being one request.
    ///
    /// @param maxLength of a request
    public record Requests(RequestHandler handler, int maxLength) implements Service {}

    /// One whose every stream is a conversation.
    public ServedProtocol(
            ProtocolId id, StreamHandler handler, int perConnection, Duration patience) {
        this(id, new Conversations(handler, Optional.empty()), perConnection, patience);
    }

    /// The same, with what is answered without a conversation.
    public ServedProtocol with(Prompt answers) {
        return switch (service) {
            case Conversations(var handler, var _) ->
                    new ServedProtocol(
                            id,
                            new Conversations(handler, Optional.of(answers)),
                            perConnection,
                            patience);
            case Requests _ -> throw new IllegalStateException(id + " has no conversations");
        };
    }
}
