// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Awaits the answer to a [Question] on any connection.
final class Answer {
    private Answer() {}

    /// Blocks; empty where the remote does not answer.
    static Optional<List<byte[]>> await(Connection connection, Question question) {
        try {
            var stream = connection.open(question.protocol());
            stream.deadline(question.patience());
            try {
                var messages = new ArrayList<byte[]>();
                do {
                    messages.add(stream.readMessage(question.maxLength()));
                } while (messages.size() < question.maxMessages() && !stream.atEnd());
                stream.closeWrite();
                return Optional.of(messages);
            } catch (IOException e) {
                stream.reset();
                return Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty(); // the connection is gone
        }
    }
}
