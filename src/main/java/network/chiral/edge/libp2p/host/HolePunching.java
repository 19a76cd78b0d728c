// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.dcutr.DcutrService;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Dialer;
import network.chiral.edge.libp2p.swarm.DirectRole;
import network.chiral.edge.libp2p.swarm.Swarm;

/// Gives DCUtR its swarm, and knows where a dial from outside may get in.
final class HolePunching {
    private final AddressScope scope;
    private final Clock clock;
    private final Swarm swarm;
    private final ObservedTable observed = new ObservedTable();
    private final DcutrService service;

    /// @param direct where this host listens, as far as in scope; asked for each time
    HolePunching(
            HostSettings settings,
            Swarm swarm,
            Dialer dialer,
            Supplier<List<Multiaddr>> direct,
            Clock clock) {
        this.scope = settings.scope();
        this.clock = clock;
        this.swarm = swarm;
        this.service =
                new DcutrService(
                        scope,
                        () ->
                                Stream.concat(
                                                observed.addresses(clock.instant()).stream(),
                                                direct.get().stream())
                                        .distinct()
                                        .toList(),
                        network(swarm, dialer),
                        settings.threads(),
                        clock);
        swarm.addListener(service);
    }

    private static DcutrService.Network network(Swarm swarm, Dialer dialer) {
        return new DcutrService.Network() {
            @Override
            public List<Connection> connections(PeerId peer) {
                return swarm.connections(peer);
            }

            @Override
            public Connection dial(
                    PeerId peer, List<Multiaddr> addresses, DirectRole role, Duration patience)
                    throws IOException, InterruptedException {
                return dialer.dialDirect(peer, addresses, role, patience);
            }
        };
    }

    DcutrService service() {
        return service;
    }

    /// The peer of `connection` sees this host at `address`. Only what left from a listen port tells
    /// where a dial gets in.
    void onObserved(Connection connection, Multiaddr address) {
        boolean fromListenPort =
                connection
                        .localSocket()
                        .map(local -> swarm.isListeningOn(local.getPort()))
                        .orElse(false);
        if (fromListenPort
                && !connection.isRelayed()
                && address.tcpSocket().isPresent()
                && scope.allows(address)) {
            observed.seen(address, connection.remotePeer(), clock.instant());
        }
    }
}
