// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.AccessLists.Use;
import org.jspecify.annotations.Nullable;

/// Whom the access lists let be connected, now.
final class Gate {
    private volatile AccessLists lists = AccessLists.OPEN;

    void lists(AccessLists next) {
        lists = next;
    }

    /// Before a handshake: all that is known is where it comes from.
    boolean admits(@Nullable SocketAddress from) {
        return !(from instanceof InetSocketAddress socket)
                || lists.permitsHandshake(socket.getAddress());
    }

    /// After the handshake.
    boolean admits(Connection connection) {
        return connection.isRelayed()
                ? lists.permits(connection.remotePeer())
                : lists.permits(
                        Use.CONNECTION,
                        connection.remotePeer(),
                        connection.remoteSocket().getAddress());
    }

    /// Before a dial.
    boolean admits(PeerId peer, Multiaddr address) {
        return address.ip()
                .map(ip -> lists.permits(Use.CONNECTION, peer, ip))
                .orElseGet(() -> lists.permits(peer));
    }
}
