// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.protocol.identify.IdentifyService;
import network.chiral.edge.libp2p.protocol.identify.PeerInfo;
import network.chiral.edge.libp2p.protocol.kad.Dht;
import network.chiral.edge.libp2p.protocol.kad.KadSettings;
import network.chiral.edge.libp2p.protocol.kad.KadSurroundings;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.DialException;
import network.chiral.edge.libp2p.swarm.Dialer;
import network.chiral.edge.libp2p.swarm.Prompt;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import network.chiral.edge.libp2p.swarm.Swarm;
import network.chiral.edge.libp2p.swarm.SwarmListener;

/// The DHTs of a host, and what they learn of its peers.
final class KadProtocols implements SwarmListener, KadSurroundings {
    private final PeerId self;
    private final KadSettings settings;
    private final AddressScope scope;
    private final Swarm swarm;
    private final Dialer dialer;
    private final IdentifyService identify;
    private final Supplier<List<Multiaddr>> announced;
    private final List<Dht> dhts;

    KadProtocols(
            HostSettings settings,
            Swarm swarm,
            Dialer dialer,
            IdentifyService identify,
            Supplier<List<Multiaddr>> announced,
            Clock clock) {
        this.self = settings.identity().peerId();
        this.settings = settings.kad();
        this.scope = settings.scope();
        this.swarm = swarm;
        this.dialer = dialer;
        this.identify = identify;
        this.announced = announced;
        this.dhts =
                settings.kad().protocols().stream()
                        .map(id -> new Dht(id, settings.kad(), this, settings.threads(), clock))
                        .toList();
        if (!dhts.isEmpty()) {
            swarm.addListener(this);
            identify.onIdentified(this::onIdentified);
        }
    }

    List<Dht> all() {
        return dhts;
    }

    /// To be called when it is known where the host is reached.
    void start() {
        boolean server =
                switch (settings.mode()) {
                    case SERVER -> true;
                    case CLIENT -> false;
                    case AUTO -> !announced.get().isEmpty();
                };
        dhts.forEach(dht -> serve(dht, server));
        dhts.forEach(Dht::start);
    }

    /// Serves from now on, or no longer; peers are told.
    void serverMode(boolean on) {
        if (dhts.stream().allMatch(dht -> dht.isServing() == on)) {
            return;
        }
        dhts.forEach(dht -> serve(dht, on));
        identify.push(swarm.connections());
    }

    private void serve(Dht dht, boolean on) {
        dht.serving(on);
        if (on) {
            swarm.serve(
                    new ServedProtocol(
                                    dht.protocol(),
                                    dht::onStream,
                                    Dht.STREAMS_PER_CONNECTION,
                                    Dht.PATIENCE)
                            .with(new Prompt(dht::answer, Dht.MAX_REQUEST, true)));
        } else {
            swarm.withdraw(dht.protocol());
        }
    }

    /// Asks and answers no more; whoever pushes identify afterwards tells so.
    void stop() {
        dhts.forEach(Dht::stop);
        dhts.forEach(dht -> serve(dht, false));
    }

    // --- told by the host

    private void onIdentified(Connection connection, PeerInfo info) {
        dhts.forEach(dht -> dht.onIdentified(connection.remotePeer()));
    }

    @Override
    public void onDisconnected(Connection connection, boolean last, String reason) {
        if (last) {
            dhts.forEach(dht -> dht.onDisconnected(connection.remotePeer()));
        }
    }

    // --- asked by the DHTs

    @Override
    public PeerId self() {
        return self;
    }

    @Override
    public List<Multiaddr> announced() {
        return announced.get();
    }

    @Override
    public AddressScope scope() {
        return scope;
    }

    @Override
    public Optional<Connection> connection(PeerId peer) {
        return swarm.connection(peer).filter(connection -> !connection.isRelayed());
    }

    @Override
    public Connection dial(PeerId peer, List<Multiaddr> addresses)
            throws DialException, InterruptedException {
        return dialer.dial(peer, addresses, false);
    }

    @Override
    public boolean speaks(PeerId peer, ProtocolId protocol) {
        return identify.info(peer).map(info -> info.speaks(protocol)).orElse(false);
    }

    /// What was dialled is true; what the peer says comes after it. Where a peer came from is not where
    /// it listens, so that counts for nothing.
    @Override
    public List<Multiaddr> addresses(PeerId peer) {
        var all = new ArrayList<Multiaddr>();
        swarm.connection(peer)
                .filter(c -> c.direction() == Connection.Direction.OUTBOUND)
                .ifPresent(c -> all.add(c.remoteAddress()));
        identify.info(peer).ifPresent(info -> all.addAll(info.listenAddresses()));
        return all;
    }
}
