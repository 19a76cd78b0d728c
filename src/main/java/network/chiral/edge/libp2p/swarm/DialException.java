// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;

/// Says that a peer could not be reached, with the reason of each of its addresses.
public final class DialException extends IOException {
    private static final long serialVersionUID = 1L;

    /// Why one address failed.
    public enum Reason {
        /// The host is there and nothing listens, or the connection was cut at once: trying again soon
        /// may help, a node may be starting.
        REFUSED,
        /// Nothing answered in time.
        TIMEOUT,
        /// The network or the name does not exist.
        UNREACHABLE,
        /// Something answered that is not the peer, or does not speak libp2p.
        HANDSHAKE,
        /// The address is out of scope, or of no transport of this node.
        NOT_DIALABLE,
        /// The address failed lately and is left alone for a while.
        BACKOFF,
        /// The dial was given up by this side.
        CANCELLED,
        /// The relay of a circuit address could not be reached, or did not answer.
        RELAY_UNREACHABLE,
        /// The relay has no reservation of the peer (status NO_RESERVATION).
        RELAY_NO_RESERVATION,
        /// The relay has no room for one more circuit (status RESOURCE_LIMIT_EXCEEDED).
        RELAY_RESOURCE_LIMIT_EXCEEDED,
        /// The relay does not serve this node (status PERMISSION_DENIED).
        RELAY_PERMISSION_DENIED,
        /// The peer did not take the circuit (status CONNECTION_FAILED).
        RELAY_CONNECTION_FAILED,
        /// The relay said no with another status, or something that is no answer.
        RELAY_REFUSED
    }

    private final transient Map<Multiaddr, Reason> reasons;

    DialException(PeerId peer, Map<Multiaddr, Reason> reasons) {
        super("cannot reach " + peer + ": " + described(reasons));
        this.reasons = new LinkedHashMap<>(reasons);
    }

    private static String described(Map<Multiaddr, Reason> reasons) {
        return reasons.isEmpty()
                ? "it has no address"
                : reasons.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "));
    }

    /// The reason of each address that was tried or passed over.
    public Map<Multiaddr, Reason> reasons() {
        return Map.copyOf(reasons);
    }

    /// True where trying again at once makes sense: some address refused, and none named another peer.
    public boolean isTransient() {
        return reasons.containsValue(Reason.REFUSED);
    }
}
