// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.multiformats.MultiaddrProtocol;

/// An address through one relay: `<relay address>/p2p/<relay>/p2p-circuit[/p2p/<peer>]`.
///
/// @param relay the relay's peer id
/// @param relayAddress where the relay is; empty in `/p2p/<relay>/p2p-circuit`, which wants a connection
///     to it
/// @param peer whom it leads to, where it says so
public record CircuitAddress(
        PeerId relay, Optional<Multiaddr> relayAddress, Optional<PeerId> peer) {
    private static final Multiaddr.Part CIRCUIT =
            new Multiaddr.Part(MultiaddrProtocol.P2P_CIRCUIT, new byte[0]);

    /// Takes `address` apart; empty where it is no circuit, leads through several relays, or does not
    /// name the relay.
    public static Optional<CircuitAddress> of(Multiaddr address) {
        var parts = address.parts();
        int at = parts.indexOf(CIRCUIT);
        if (at < 1 || at != parts.lastIndexOf(CIRCUIT)) {
            return Optional.empty();
        }
        try {
            var relay = Multiaddr.of(parts.subList(0, at));
            var id = relay.peer();
            if (id.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(
                    new CircuitAddress(
                            PeerId.ofBytes(id.get()),
                            relay.withoutPeer(),
                            peer(parts.subList(at + 1, parts.size()))));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a peer id that is none, or something behind the circuit
        }
    }

    private static Optional<PeerId> peer(List<Multiaddr.Part> behind) {
        if (behind.isEmpty()) {
            return Optional.empty();
        }
        if (behind.size() > 1 || behind.getFirst().protocol() != MultiaddrProtocol.P2P) {
            throw new IllegalArgumentException("behind a circuit stands a peer id");
        }
        return Optional.of(PeerId.ofBytes(behind.getFirst().value()));
    }

    /// The circuit address through the relay at `relayAddress`, which may end in the relay's id.
    public static Multiaddr through(Multiaddr relayAddress, PeerId relay) {
        return relayAddress.withPeer(relay.bytes()).with(CIRCUIT);
    }

    /// True where the relay at this address is asked for itself.
    boolean leadsTo(PeerId target) {
        return peer.map(target::equals).orElse(true);
    }
}
