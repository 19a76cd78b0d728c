// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Inquiry;
import network.chiral.edge.libp2p.swarm.Reply;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import network.chiral.edge.libp2p.swarm.ServedProtocol.Conversations;
import network.chiral.edge.libp2p.swarm.ServedProtocol.Requests;
import network.chiral.edge.libp2p.swarm.Stream;

/// One end of a connection in memory.
final class MemoryConnection implements Connection {
    private final SimulatedNode local;
    private final SimulatedNode remote;
    private final Direction direction;
    private final Link link;
    private final long openedAt;
    private final Set<MemoryStream> streams = new LinkedHashSet<>();
    private final Map<ProtocolId, Integer> conversations = new HashMap<>();
    private boolean open;
    private boolean over;

    MemoryConnection(SimulatedNode local, SimulatedNode remote, Direction direction, Link link) {
        this.local = local;
        this.remote = remote;
        this.direction = direction;
        this.link = link;
        this.openedAt = local.simulator().now();
    }

    SimulatedNode local() {
        return local;
    }

    Link link() {
        return link;
    }

    Simulator simulator() {
        return local.simulator();
    }

    @Override
    public PeerId remotePeer() {
        return remote.peerId();
    }

    @Override
    public Direction direction() {
        return direction;
    }

    @Override
    public InetSocketAddress remoteSocket() {
        return direction == Direction.OUTBOUND ? remote.socket() : remote.ephemeralSocket();
    }

    @Override
    public Multiaddr remoteAddress() {
        return Multiaddr.ofTcp(remoteSocket());
    }

    @Override
    public Optional<Duration> roundTrip() {
        return Optional.of(link.latency().multipliedBy(2));
    }

    @Override
    public Duration age() {
        return Duration.ofNanos(simulator().now() - openedAt);
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /// Takes streams from now on.
    void establish() {
        if (over) {
            return;
        }
        if (!local.isUp()) {
            over = true;
            link.breakLoudly();
            return;
        }
        open = true;
        local.onConnected(this);
    }

    @Override
    public Stream open(ProtocolId protocol) throws IOException {
        if (!open) {
            throw new IOException("the connection is closed");
        }
        var near = new MemoryStream(this, protocol);
        var far = new MemoryStream(link.otherEnd(this), protocol);
        near.pairWith(far);
        streams.add(near);
        link.send(this, () -> link.otherEnd(this).accept(far));
        return near;
    }

    private void accept(MemoryStream stream) {
        if (!open) {
            return;
        }
        var served = local.served(stream.protocol());
        if (served.isEmpty()) {
            stream.refuse();
            return;
        }
        var protocol = served.get();
        if (conversations.getOrDefault(protocol.id(), 0) >= protocol.perConnection()) {
            stream.reset();
            return;
        }
        streams.add(stream);
        conversations.merge(protocol.id(), 1, Integer::sum);
        stream.deadline(protocol.patience());
        local.threads().start("serve", () -> serve(protocol, stream));
    }

    private void serve(ServedProtocol protocol, MemoryStream stream) {
        Runnable over =
                () ->
                        conversations.computeIfPresent(
                                protocol.id(), (_, n) -> n == 1 ? null : n - 1);
        switch (protocol.service()) {
            case Conversations conversation -> converse(conversation, stream, over);
            case Requests requests ->
                    MemoryRequest.serve(stream, requests, protocol.patience(), over);
        }
    }

    /// As the swarm does it, but for what must never happen.
    private static void converse(Conversations conversation, MemoryStream stream, Runnable over) {
        try {
            conversation.handler().onStream(stream);
            stream.conversationOver();
        } catch (IOException | InterruptedException e) {
            stream.reset();
        } finally {
            over.run();
        }
    }

    @Override
    public void inquire(Inquiry inquiry, Consumer<Optional<Reply>> told) {
        simulator()
                .start(
                        "inquire",
                        () -> {
                            var answer = answer(inquiry);
                            told.accept(answer.map(Reply.class::cast));
                            answer.ifPresent(one -> one.stream().resetUnlessJoined());
                        });
    }

    private Optional<MemoryRequest.Answer> answer(Inquiry inquiry) {
        try {
            var stream = (MemoryStream) open(inquiry.protocol());
            stream.deadline(inquiry.patience());
            try {
                stream.writeMessage(inquiry.message());
                var message = stream.readMessage(inquiry.maxLength());
                return Optional.of(new MemoryRequest.Answer(stream, message));
            } catch (IOException e) {
                stream.reset();
                return Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty(); // the connection is gone
        }
    }

    void forget(MemoryStream stream) {
        streams.remove(stream);
    }

    @Override
    public void close() {
        if (open) {
            link.send(this, () -> link.otherEnd(this).closed("the remote said goodbye"));
            closed("closed by this side");
        }
    }

    /// This end is gone, the other may not know.
    void closed(String reason) {
        boolean wasOpen = open;
        open = false;
        over = true;
        for (var stream : List.copyOf(streams)) {
            stream.lost(reason);
        }
        streams.clear();
        if (wasOpen) {
            local.onDisconnected(this, reason);
        }
    }

    @Override
    public String toString() {
        return local + (direction == Direction.OUTBOUND ? " -> " : " <- ") + remote;
    }
}
