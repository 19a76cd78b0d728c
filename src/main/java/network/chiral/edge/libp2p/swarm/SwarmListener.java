// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// Told what happens to connections, on event loops: answer at once, block never.
public interface SwarmListener {
    /// `connection` is authenticated and takes streams.
    default void onConnected(Connection connection) {}

    /// The remote takes no new stream on `connection` (GoAway); those under way go on.
    default void onGoAway(Connection connection) {}

    /// `connection` is gone, for `reason`; `last` where it was the last one to its peer.
    default void onDisconnected(Connection connection, boolean last, String reason) {}

    /// A handshake failed before a connection came of it.
    default void onHandshakeFailed(Connection.Direction direction, HandshakeFailure failure) {}

    /// An address that was tried did not become a connection.
    default void onDialFailed(Multiaddr address, DialException.Reason reason) {}

    /// A peer was dialled, and is connected or not.
    default void onDialled(DialOutcome outcome) {}

    /// A stream that the remote opened was reset, because a limit was reached.
    default void onStreamRefused(Connection connection, StreamRefusal why) {}

    /// `connection` is about to be closed, which nobody needed.
    default void onTrimmed(Connection connection, TrimReason reason) {}
}
