// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.util.Locale;

/// Why a socket did not become a connection.
public enum HandshakeFailure {
    /// It took longer than the deadline.
    TIMEOUT,
    /// The other side closed it.
    CLOSED,
    /// What the other side sent is no multistream, Noise or muxer negotiation, or proves nothing.
    PROTOCOL,
    /// Somebody else than the dialled peer answered.
    PEER_MISMATCH,
    /// More handshakes were under way than the limit allows.
    TOO_MANY_HANDSHAKES,
    /// More connections were open than the limit allows.
    TOO_MANY_CONNECTIONS,
    /// The access lists do not let the address, or the peer, be connected.
    DENIED,
    /// The node is shutting down.
    SHUTTING_DOWN;

    /// The name in metrics and logs.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
