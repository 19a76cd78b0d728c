// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.protocol.identify.IdentifyService;
import network.chiral.edge.libp2p.protocol.kad.Dht;
import network.chiral.edge.libp2p.protocol.kad.KadSettings;
import network.chiral.edge.libp2p.protocol.kad.KadSurroundings;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import network.chiral.edge.libp2p.swarm.SwarmListener;

/// A node of the world that takes part in a DHT: the node's own services, put together as the host does.
final class DhtNode implements KadSurroundings, SwarmListener {
    static final ProtocolId PROTOCOL = KadSettings.CHIRAL.protocols().getFirst();

    private final SimulatedNode node;
    private final IdentifyService identify;
    private final Dht dht;
    private final boolean server;

    DhtNode(World world, SimulatedRelay.Place place, KadSettings settings, boolean cutOff) {
        this.node =
                new SimulatedNode(world, place.name(), place.identity(), place.socket(), cutOff);
        this.identify = SimulatedRelay.identify(node);
        this.server = settings.mode() == KadSettings.Mode.SERVER;
        this.dht = new Dht(PROTOCOL, settings, this, node.threads(), node.simulator().clock());
        node.addListener(identify);
        node.addListener(this);
        identify.onIdentified((connection, _) -> dht.onIdentified(connection.remotePeer()));
        if (server) {
            node.serve(
                    new ServedProtocol(
                            PROTOCOL, dht::onStream, Dht.STREAMS_PER_CONNECTION, Dht.PATIENCE));
        }
        dht.serving(server);
        dht.start();
    }

    SimulatedNode node() {
        return node;
    }

    Dht dht() {
        return dht;
    }

    boolean isServer() {
        return server;
    }

    // --- told by the node

    @Override
    public void onDisconnected(Connection connection, boolean last, String reason) {
        if (last) {
            dht.onDisconnected(connection.remotePeer());
        }
    }

    // --- asked by the DHT

    @Override
    public PeerId self() {
        return node.peerId();
    }

    @Override
    public List<Multiaddr> announced() {
        return server ? List.of(node.address()) : List.of();
    }

    @Override
    public AddressScope scope() {
        return AddressScope.PUBLIC;
    }

    @Override
    public Optional<Connection> connection(PeerId peer) {
        return node.connection(peer);
    }

    @Override
    public Connection dial(PeerId peer, List<Multiaddr> addresses)
            throws IOException, InterruptedException {
        var held = node.connection(peer);
        if (held.isPresent()) {
            return held.get();
        }
        var failure = new IOException("no address of " + peer);
        for (var address : addresses) {
            var socket = address.tcpSocket();
            if (socket.isPresent()) {
                try {
                    return node.dial(peer, socket.get());
                } catch (IOException e) {
                    failure = e;
                }
            }
        }
        throw failure;
    }

    @Override
    public boolean speaks(PeerId peer, ProtocolId protocol) {
        return identify.info(peer).map(info -> info.speaks(protocol)).orElse(false);
    }

    @Override
    public List<Multiaddr> addresses(PeerId peer) {
        var all = new ArrayList<Multiaddr>();
        node.connection(peer)
                .filter(c -> c.direction() == Connection.Direction.OUTBOUND)
                .ifPresent(c -> all.add(c.remoteAddress()));
        identify.info(peer).ifPresent(info -> all.addAll(info.listenAddresses()));
        return all;
    }
}
