// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.AddressScope;

/// Which addresses this node dials because a stranger asks for it.
///
/// Nothing outside the address scope, whatever it is (private, loopback, documentation, multicast), no
/// address of this node itself, no address of a family that this machine has no way to, no circuit, and
/// nothing that names another peer than the one that asks.
public final class DialBackPolicy {
    private final AddressScope scope;
    private final Predicate<InetAddress> routable;
    private final Predicate<InetAddress> own;

    /// @param routable true where this machine has addresses of that family and reach
    /// @param own true for the addresses of this node
    public DialBackPolicy(
            AddressScope scope, Predicate<InetAddress> routable, Predicate<InetAddress> own) {
        this.scope = scope;
        this.routable = routable;
        this.own = own;
    }

    /// True where `ip` may be dialled.
    boolean allows(InetAddress ip) {
        return scope.allows(ip) && routable.test(ip) && !own.test(ip);
    }

    /// The address without a peer id where `client` may ask for it; a name in it is not resolved yet.
    Optional<Multiaddr> plain(Multiaddr address, PeerId client) {
        boolean named =
                address.peer().map(peer -> Arrays.equals(peer, client.bytes())).orElse(true);
        if (!address.isPlainTcp() || address.port() == 0 || !named || !scope.allows(address)) {
            return Optional.empty();
        }
        return address.withoutPeer().filter(plain -> plain.ip().map(this::allows).orElse(true));
    }
}
