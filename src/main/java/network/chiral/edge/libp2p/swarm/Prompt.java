// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.util.Optional;

/// What a protocol answers on the event loop, because it needs no waiting: a conversation costs a thread
/// and its wake-ups, several times what such an answer does.
///
/// @param answers finds the answers
/// @param maxLength of a message; 0 where the answer comes unasked, as the stream opens
/// @param several true where one stream carries several messages; otherwise the answer ends it
public record Prompt(Answers answers, int maxLength, boolean several) {
    /// Finds answers.
    @FunctionalInterface
    public interface Answers {
        /// The answer to `message`, or empty where it takes a conversation, which then gets the message
        /// as if nobody had seen it. Called on an event loop: neither blocks nor takes long.
        Optional<byte[]> answer(Connection connection, byte[] message);
    }
}
