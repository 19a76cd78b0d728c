// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.testing;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Inquiry;
import network.chiral.edge.libp2p.swarm.ProtocolViolation;
import network.chiral.edge.libp2p.swarm.Reply;
import network.chiral.edge.libp2p.swarm.Stream;

/// A stream of a peer that says one thing, and may be gone before it is answered.
public final class FakeConversation implements Stream, Connection {
    private final PeerId peer;
    private final byte[] request;
    private final List<byte[]> answers = new ArrayList<>();
    private boolean gone;
    private boolean relayed;
    private Direction direction = Direction.INBOUND;
    private final Deque<FakeConversation> next = new ArrayDeque<>();
    private final Deque<byte[]> further = new ArrayDeque<>();
    private final Deque<Consumer<Optional<Reply>>> inquiries = new ArrayDeque<>();
    private boolean thinks;
    private int opened;
    private boolean read;
    private InetAddress from = InetAddress.getLoopbackAddress();

    public FakeConversation(PeerId peer, byte[] request) {
        this.peer = peer;
        this.request = request;
    }

    /// The peer leaves: nothing that is written reaches it.
    public FakeConversation gone() {
        gone = true;
        return this;
    }

    /// A relay is between the peer and this node.
    public FakeConversation relayed() {
        relayed = true;
        return this;
    }

    /// This side has dialled.
    public FakeConversation outbound() {
        direction = Direction.OUTBOUND;
        return this;
    }

    /// Streams that this side opens are `streams`, one after the other.
    public FakeConversation opening(FakeConversation... streams) {
        next.addAll(List.of(streams));
        return this;
    }

    /// Inquiries are left to the test to answer.
    public FakeConversation thinking() {
        thinks = true;
        return this;
    }

    /// Who waits for the peer's answer, in order.
    public Deque<Consumer<Optional<Reply>>> inquiries() {
        return inquiries;
    }

    /// After its request the peer says this.
    public FakeConversation then(byte[] message) {
        further.add(message);
        return this;
    }

    /// Streams that this side has opened.
    public int opened() {
        return opened;
    }

    @Override
    public boolean isRelayed() {
        return relayed;
    }

    /// The peer is there.
    public FakeConversation from(String address) {
        from = InetAddress.ofLiteral(address);
        return this;
    }

    public List<byte[]> answers() {
        return answers;
    }

    @Override
    public Connection connection() {
        return this;
    }

    @Override
    public PeerId remotePeer() {
        return peer;
    }

    @Override
    public ProtocolId protocol() {
        return new ProtocolId("/test");
    }

    @Override
    public byte[] readMessage(int maxLength) throws ProtocolViolation {
        var message = read && !further.isEmpty() ? further.poll() : request;
        read = true;
        if (message.length > maxLength) {
            throw new ProtocolViolation("a message of " + message.length + " bytes");
        }
        return message;
    }

    @Override
    public void writeMessage(byte[] body) throws IOException {
        if (gone) {
            throw new IOException("the stream was reset");
        }
        answers.add(body);
    }

    @Override
    public boolean isOpen() {
        return !gone;
    }

    @Override
    public InetSocketAddress remoteSocket() {
        return new InetSocketAddress(from, 1);
    }

    @Override
    public Multiaddr remoteAddress() {
        return Multiaddr.ofTcp(remoteSocket());
    }

    @Override
    public Direction direction() {
        return direction;
    }

    @Override
    public Stream open(ProtocolId protocol) throws IOException {
        opened++;
        var stream = next.poll();
        if (stream == null) {
            throw new IOException("it takes no streams");
        }
        return stream;
    }

    /// The peer answers nobody, unless the test does.
    @Override
    public void inquire(Inquiry inquiry, Consumer<Optional<Reply>> told) {
        if (thinks) {
            inquiries.add(told);
        } else {
            told.accept(Optional.empty());
        }
    }

    @Override
    public Optional<Duration> roundTrip() {
        return Optional.empty();
    }

    @Override
    public Duration age() {
        return Duration.ZERO;
    }

    @Override
    public void close() {
        gone = true;
    }

    @Override
    public void deadline(Duration patience) {}

    @Override
    public byte[] read(int length) throws IOException {
        throw new EOFException("it said all that it has to say");
    }

    @Override
    public boolean atEnd() {
        return true;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        writeMessage(bytes);
    }

    @Override
    public void closeWrite() {}

    @Override
    public void reset() {
        gone = true;
    }
}
