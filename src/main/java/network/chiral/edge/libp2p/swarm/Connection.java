// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;

/// A secured, multiplexed connection to one authenticated peer. Safe for use by many threads.
public interface Connection {
    /// Who opened it.
    enum Direction {
        INBOUND,
        OUTBOUND
    }

    PeerId remotePeer();

    Direction direction();

    /// Where the remote is: what was dialled, or where it came from (then with its ephemeral port).
    Multiaddr remoteAddress();

    /// The other end of the socket; of a relayed connection that is the relay's.
    InetSocketAddress remoteSocket();

    /// This end of the socket; empty where the connection has none of its own, as through a relay.
    default Optional<InetSocketAddress> localSocket() {
        return Optional.empty();
    }

    /// True where the connection goes through a relay's circuit; its bytes are another's to carry, and
    /// its remote address says nothing of where the peer is.
    default boolean isRelayed() {
        return remoteAddress().isCircuit();
    }

    /// What the relay lets a relayed connection use; empty for a direct one, and where the relay named
    /// no limit.
    default Optional<Allowance> limit() {
        return Optional.empty();
    }

    /// How it came to stand.
    default HandshakeFacts handshake() {
        return HandshakeFacts.NONE;
    }

    /// Opens a stream and proposes `protocol`, lazily: the answer is awaited with the first read.
    ///
    /// @throws IOException where the connection is gone or takes no more streams
    Stream open(ProtocolId protocol) throws IOException;

    /// Asks `question`; nobody is told where the remote does not answer it.
    ///
    /// @param threads where it is asked, if that takes a thread
    /// @param told gets the messages of the answer, at least one; perhaps on an event loop, so it must
    ///     not block
    default void ask(Question question, Threads threads, Consumer<List<byte[]>> told) {
        threads.start(
                question.protocol().name(), () -> Answer.await(this, question).ifPresent(told));
    }

    /// Sends `inquiry` on a stream of its own, without a thread.
    ///
    /// @param told gets the reply, or empty where none comes; once, and after this has returned
    void inquire(Inquiry inquiry, Consumer<Optional<Reply>> told);

    /// The latest round trip measured, empty before the first.
    Optional<Duration> roundTrip();

    /// How long it has been open.
    Duration age();

    /// True while it carries a stream that is not a mere ping.
    default boolean isBusy() {
        return true;
    }

    /// For how long it has carried no such stream.
    default Duration idle() {
        return Duration.ZERO;
    }

    boolean isOpen();

    /// True once the remote has said that it takes no new stream.
    default boolean isLeaving() {
        return false;
    }

    /// Says goodbye and closes; without effect on a closed one.
    void close();
}
