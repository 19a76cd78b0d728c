// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import network.chiral.edge.libp2p.muxer.yamux.WindowBudget;
import org.jspecify.annotations.Nullable;

/// Decides over sockets, connections and streams by their tables.
final class ConnectionAdmission {
    private final ConnectionTable connections;
    private final StreamTable streams;
    private final WindowBudget budget;
    private final MemoryShares memory;
    private volatile boolean closing;

    ConnectionAdmission(ConnectionLimits limits) {
        connections = new ConnectionTable(limits);
        streams = new StreamTable(limits.admission());
        budget = new WindowBudget(limits.windowGrowthBytes(), limits.admission().bufferedBytes());
        memory = new MemoryShares(limits.admission(), budget);
    }

    /// Counts an accepted socket, or says why it is to be closed; nothing was read from it yet.
    Optional<HandshakeFailure> accept(Channel channel) {
        if (closing) {
            return Optional.of(HandshakeFailure.SHUTTING_DOWN);
        }
        var from = address(channel);
        if (from == null) {
            return Optional.of(HandshakeFailure.CLOSED); // the peer was faster
        }
        return connections.accept(from, System.nanoTime());
    }

    private static @Nullable InetAddress address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress socket
                ? socket.getAddress()
                : null;
    }

    /// The handshake of an accepted socket is over.
    void handshakeOver(InetAddress from) {
        connections.handshakeOver(from);
    }

    /// Counts a connection, or says why it is to be closed.
    Optional<HandshakeFailure> open(ChannelConnection connection) {
        return connections.open(connection.remotePeer(), origin(connection));
    }

    void close(ChannelConnection connection) {
        connections.close(connection.remotePeer(), origin(connection));
    }

    /// Where a connection counts; null for what this side dialled, and for a circuit, whose socket is
    /// its relay's.
    private static @Nullable InetAddress origin(Connection connection) {
        return connection.direction() == Connection.Direction.INBOUND && !connection.isRelayed()
                ? connection.remoteSocket().getAddress()
                : null;
    }

    /// Lets nobody in from now on.
    void stop() {
        closing = true;
    }

    boolean isStopped() {
        return closing;
    }

    /// Counts one more stream of the remote, or says why it may not be.
    Optional<StreamRefusal> beginStream(ChannelConnection connection) {
        return streams.begin(connection.remotePeer(), origin(connection));
    }

    void endStream(ChannelConnection connection) {
        streams.end(connection.remotePeer(), origin(connection));
    }

    /// Where the bytes that `connection` holds are counted; to be closed with it.
    MemoryShares.Account memory(ChannelConnection connection) {
        return memory.open(connection.remotePeer(), origin(connection));
    }

    int connectionCount() {
        return connections.connections();
    }

    SwarmUsage usage() {
        int inbound = connections.inbound();
        return new SwarmUsage(
                inbound,
                connections.connections() - inbound,
                connections.handshakes(),
                streams.size(),
                budget.held(),
                budget.used());
    }
}
