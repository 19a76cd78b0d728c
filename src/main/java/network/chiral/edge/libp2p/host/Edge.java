// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.dcutr.DcutrListener;
import network.chiral.edge.libp2p.protocol.dcutr.DcutrService;
import network.chiral.edge.libp2p.protocol.identify.PeerInfo;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.protocol.relay.client.EdgeListener;
import network.chiral.edge.libp2p.protocol.relay.client.RelayCandidate;
import network.chiral.edge.libp2p.protocol.relay.client.RelayClient;
import network.chiral.edge.libp2p.protocol.relay.client.Reservation;
import network.chiral.edge.libp2p.protocol.relay.client.ReservationKeeper;
import network.chiral.edge.libp2p.protocol.relay.client.StopService;
import network.chiral.edge.libp2p.swarm.Circuit;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Dialer;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.swarm.Swarm;
import network.chiral.edge.libp2p.transport.TcpTransport;

/// What a host does that has no public address: it keeps slots at relays and takes circuits in.
///
/// Dialling peers by circuits works whether this is active or not.
public final class Edge {
    private final Swarm swarm;
    private final ReservationKeeper keeper;
    private final StopService stop;
    private final TcpTransport transport;
    private final HolePunching punching;

    /// What carries the host's connections.
    record Wires(TcpTransport transport, Swarm swarm, Dialer dialer) {}

    Edge(HostSettings settings, Wires wires, HolePunching punching, Clock clock) {
        this.swarm = wires.swarm();
        this.transport = wires.transport();
        this.punching = punching;
        var dialer = wires.dialer();
        var self = settings.identity().peerId();
        var network = network(swarm, dialer);
        var client = new RelayClient(settings.crypto(), self, settings.scope(), network, clock);
        dialer.circuits(client);
        var finders = new ArrayList<Supplier<List<RelayCandidate>>>();
        var configured = configured(settings.edge().relays(), self);
        finders.add(() -> configured);
        finders.addAll(settings.edge().finders());
        this.keeper =
                new ReservationKeeper(
                        client,
                        network,
                        settings.edge().reservations(),
                        finders,
                        new ReservationKeeper.Surroundings(
                                settings.threads(), clock, RandomGenerator.getDefault()));
        this.stop = new StopService(self, keeper::isReserved, network);
        swarm.addListener(keeper);
    }

    private static RelayClient.Network network(Swarm swarm, Dialer dialer) {
        return new RelayClient.Network() {
            @Override
            public Connection dial(PeerId peer, Collection<Multiaddr> addresses)
                    throws IOException, InterruptedException {
                return dialer.dial(peer, addresses, true);
            }

            @Override
            public Connection upgrade(Stream stream, Circuit circuit)
                    throws IOException, InterruptedException {
                return swarm.upgrade(stream, circuit);
            }
        };
    }

    private static List<RelayCandidate> configured(List<Multiaddr> relays, PeerId self) {
        var byPeer = new LinkedHashMap<PeerId, List<Multiaddr>>();
        for (var address : relays) {
            var peer =
                    PeerId.ofBytes(
                            address.peer()
                                    .orElseThrow(() ->
                                            new IllegalArgumentException(
                                                    address + " names no relay")));
            byPeer.computeIfAbsent(peer, _ -> new ArrayList<>()).add(address);
        }
        byPeer.remove(self); // one list may serve all nodes of a network
        return byPeer.entrySet().stream()
                .map(relay ->
                        new RelayCandidate(
                                relay.getKey(), relay.getValue(), RelayCandidate.Source.CONFIGURED))
                .toList();
    }

    /// Takes the role up, or lays it down; may be called at any time.
    public synchronized void activate(boolean on) {
        if (on == keeper.isRunning()) {
            return;
        }
        if (on) {
            transport.shareListenPorts(true); // first: relays shall see the port we listen on
            swarm.serve(stop.served());
            swarm.serve(punching.service().served());
            keeper.start();
        } else {
            swarm.withdraw(HopService.STOP);
            swarm.withdraw(DcutrService.PROTOCOL);
            keeper.stop();
            transport.shareListenPorts(false);
        }
    }

    public boolean isActive() {
        return keeper.isRunning();
    }

    /// The slots held now.
    public List<Reservation> reservations() {
        return keeper.reservations();
    }

    /// True for a relay through which this host is reached.
    boolean isRelay(PeerId peer) {
        return keeper.reservations().stream().anyMatch(slot -> slot.relay().equals(peer));
    }

    /// The circuit addresses under which this host is reached, without its own peer id, behind `direct`.
    List<Multiaddr> withCircuits(List<Multiaddr> direct) {
        var circuits = keeper.addresses();
        if (circuits.isEmpty()) {
            return direct;
        }
        var all = new ArrayList<>(direct);
        all.addAll(circuits);
        return all;
    }

    void onIdentified(Connection connection, PeerInfo info) {
        keeper.onIdentified(connection, info.speaks(HopService.HOP), info.listenAddresses());
        if (isActive()) {
            punching.service().onIdentified(connection, info.listenAddresses());
        }
    }

    /// One more place to hear of relays, less trusted than those before; it may block.
    public void addFinder(Supplier<List<RelayCandidate>> finder) {
        keeper.addFinder(finder);
    }

    public void onPunch(DcutrListener listener) {
        punching.service().addListener(listener);
    }

    public void addListener(EdgeListener listener) {
        keeper.addListener(listener);
    }

    /// Runs `then` each time that this host is announced at other circuits than before.
    void onAddressesChanged(Runnable then) {
        addListener(
                new EdgeListener() {
                    @Override
                    public void onAddressesChanged() {
                        then.run();
                    }
                });
    }
}
