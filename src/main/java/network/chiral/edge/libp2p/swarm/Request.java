// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;

/// The first message of an inbound stream, which is answered once or joined, now or later: no thread
/// waits for that, and what the remote sends meanwhile is kept. Safe for use by many threads.
public interface Request {
    Connection connection();

    default PeerId remotePeer() {
        return connection().remotePeer();
    }

    /// What was asked; empty where that cannot be read, because it is too long or ends too early.
    Optional<byte[]> message();

    /// False once the remote is gone, or has reset the stream: no answer reaches it.
    boolean isOpen();

    /// Answers with `body`, its length before it, and ends the stream.
    void answer(byte[] body);

    /// Runs `late` about when `patience` is over, unless this is answered or joined by then. Called by
    /// the handler before it returns, once.
    void within(Duration patience, Runnable late);

    /// Answers with `body`, and lets this stream and that of `reply` pass on to each other what comes out
    /// of them, no faster than every one of `paces` allows; what has come already goes first. Called by
    /// whoever is told of the reply.
    Junction join(byte[] body, Reply reply, Allowance allowance, List<Pace> paces);
}
