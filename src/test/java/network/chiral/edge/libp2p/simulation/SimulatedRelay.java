// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.protocol.identify.IdentifyService;
import network.chiral.edge.libp2p.protocol.identify.SelfDescription;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.protocol.relay.RelayGate;
import network.chiral.edge.libp2p.protocol.relay.RelayLimits;
import network.chiral.edge.libp2p.protocol.relay.RelayRules;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import network.chiral.edge.libp2p.swarm.ServedProtocol.Requests;

/// A relay of the world: the node's own services, put together as the host does it.
final class SimulatedRelay {
    private final SimulatedNode node;
    private final IdentifyService identify;
    private final HopService hop;
    private boolean draining;

    SimulatedRelay(World world, Place place, RelayLimits limits) {
        this.node = new SimulatedNode(world, place.name(), place.identity(), place.socket(), false);
        this.identify = identify(node);
        this.hop =
                new HopService(
                        place.identity(),
                        new RelayRules(limits, RelayGate.OPEN),
                        () -> List.of(node.address()),
                        node::connection,
                        world.simulator().clock(),
                        Runnable::run);
        node.addListener(hop);
        node.addListener(identify);
        node.serve(
                new ServedProtocol(
                        HopService.HOP,
                        new Requests(hop::onRequest, HopService.MAX_REQUEST),
                        HopService.REQUESTS_PER_CONNECTION,
                        HopService.PATIENCE));
    }

    /// Where a relay is, and who it is, however often it starts.
    record Place(String name, Identity identity, InetSocketAddress socket) {}

    /// identify as each node of the world has it.
    static IdentifyService identify(SimulatedNode node) {
        var identify =
                new IdentifyService(
                        SimulatedCrypto.CRYPTO,
                        node.identity(),
                        new SelfDescription(
                                "/chiral/1.0.0",
                                "chiral/2.0.0",
                                () -> List.of(node.address()),
                                node::protocols),
                        node.simulator().clock(),
                        node.threads());
        var patience = Duration.ofSeconds(30);
        node.serve(new ServedProtocol(IdentifyService.PROTOCOL, identify::onStream, 4, patience));
        node.serve(new ServedProtocol(IdentifyService.PUSH, identify::onPush, 4, patience));
        return identify;
    }

    SimulatedNode node() {
        return node;
    }

    HopService hop() {
        return hop;
    }

    IdentifyService identify() {
        return identify;
    }

    boolean isDraining() {
        return draining;
    }

    /// Gives no more, takes nobody in, and says so.
    void drain() {
        draining = true;
        hop.drain();
        node.stopListening();
        node.withdraw(HopService.HOP);
        identify.push(node.connections());
    }
}
