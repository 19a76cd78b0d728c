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
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
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
        local.threads().start("converse", () -> converse(protocol, stream));
    }

    /// As the swarm does it, but for what must never happen.
    private void converse(ServedProtocol protocol, MemoryStream stream) {
        try {
            protocol.handler().onStream(stream);
            stream.conversationOver();
        } catch (IOException | InterruptedException e) {
            stream.reset();
        } finally {
            conversations.computeIfPresent(protocol.id(), (_, n) -> n == 1 ? null : n - 1);
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
