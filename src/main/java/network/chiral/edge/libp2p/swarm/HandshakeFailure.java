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
    /// More connections or handshakes came from one address prefix than the limit allows.
    TOO_MANY_OF_PREFIX,
    /// More handshakes from one address prefix were under way than the limit allows.
    TOO_MANY_HANDSHAKES_OF_PREFIX,
    /// New connections came faster from one address prefix than the limit allows.
    TOO_FAST,
    /// The peer has as many connections as one may have.
    TOO_MANY_OF_PEER,
    /// The access lists do not let the address, or the peer, be connected.
    DENIED,
    /// The node is shutting down.
    SHUTTING_DOWN;

    /// True where a limit of this side was the reason, whatever the other side did.
    public boolean isLimit() {
        return switch (this) {
            case TOO_MANY_HANDSHAKES,
                    TOO_MANY_CONNECTIONS,
                    TOO_MANY_OF_PREFIX,
                    TOO_MANY_HANDSHAKES_OF_PREFIX,
                    TOO_FAST,
                    TOO_MANY_OF_PEER ->
                    true;
            case TIMEOUT, CLOSED, PROTOCOL, PEER_MISMATCH, DENIED, SHUTTING_DOWN -> false;
        };
    }

    /// The name in metrics and logs.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
