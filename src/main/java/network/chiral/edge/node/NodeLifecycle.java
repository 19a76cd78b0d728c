// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import network.chiral.edge.libp2p.crypto.Selection;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.SwarmListener;
import network.chiral.edge.node.access.AccessFiles;
import network.chiral.edge.node.api.access.AdminAccess;
import network.chiral.edge.node.api.events.HistorySampler;
import network.chiral.edge.node.api.events.LiveEvents;
import network.chiral.edge.node.autonat.ReachabilityReport;
import network.chiral.edge.node.bootstrap.BootstrapRounds;
import network.chiral.edge.node.cache.CacheKeeper;
import network.chiral.edge.node.cache.HistoryRecorder;
import network.chiral.edge.node.cache.PeerCache;
import network.chiral.edge.node.health.NodeState;
import network.chiral.edge.node.kad.KadKeeper;
import network.chiral.edge.node.mdns.MdnsReport;
import network.chiral.edge.node.memory.MemoryKeeper;
import network.chiral.edge.node.metrics.EdgeMetrics;
import network.chiral.edge.node.metrics.KadMetrics;
import network.chiral.edge.node.metrics.NodeMetrics;
import network.chiral.edge.node.metrics.RelayMetrics;
import network.chiral.edge.node.reconnect.CacheWarmth;
import network.chiral.edge.node.reconnect.Reconnector;
import network.chiral.edge.node.roles.RoleKeeper;
import org.jboss.logging.Logger;

/// What happens when the node starts and when it stops, in order.
@Singleton
class NodeLifecycle {
    private static final Logger LOG = Logger.getLogger(NodeLifecycle.class);

    private final long launched = System.nanoTime();
    private final NodeConfig config;
    private final NodeSettings settings;
    private final Selection crypto;
    private final Host host;
    private final Clock clock;
    private final Parts parts;

    /// The features that have a start and an end.
    @Singleton
    record Parts(
            PeerCache cache,
            CacheKeeper keeper,
            HistoryRecorder recorder,
            Reconnector reconnector,
            BootstrapRounds bootstrap,
            CacheWarmth warmth,
            AccessFiles access,
            NodeDrain drain,
            RoleKeeper roles,
            NodeState state,
            NodeMetrics metrics,
            RelayMetrics relayMetrics,
            EdgeMetrics edgeMetrics,
            KadKeeper kad,
            KadMetrics kadMetrics,
            ReachabilityReport reachability,
            MdnsReport mdns,
            MemoryKeeper memory,
            AdminAccess admin,
            LiveEvents events,
            HistorySampler history,
            EventLoops loops) {}

    NodeLifecycle(
            NodeConfig config,
            NodeSettings settings,
            Selection crypto,
            Host host,
            Clock clock,
            Parts parts) {
        this.config = config;
        this.settings = settings;
        this.crypto = crypto;
        this.host = host;
        this.clock = clock;
        this.parts = parts;
    }

    void onStart(@Observes StartupEvent event) {
        parts.recorder().start();
        parts.metrics().start(crypto);
        parts.relayMetrics().start();
        parts.edgeMetrics().start();
        parts.kadMetrics().start();
        parts.reachability().start();
        parts.mdns().start();
        host.onSwarm(
                new SwarmListener() {
                    @Override
                    public void onConnected(Connection connection) {
                        parts.warmth().onPeer(Duration.ofNanos(System.nanoTime() - launched));
                    }
                });
        parts.kad().load(); // before anybody can ask for a record
        parts.admin().start();
        parts.access().start();
        parts.events().start();
        parts.drain().grace(); // a bad value stops the start, not the end
        listen();
        parts.state().started();
        parts.keeper().claim();
        var cached = parts.cache().load(clock.instant());
        parts.roles().lookForRelays(cached.peers());
        parts.reconnector().start(cached.peers());
        parts.bootstrap().start();
        parts.keeper().start();
        parts.kad().start();
        parts.memory().start();
        parts.history().start();
        describe();
    }

    private void listen() {
        try {
            host.start();
        } catch (IOException e) {
            throw new BadConfiguration(
                    "The node cannot listen: " + e.getMessage() + " (chiral.listen)");
        }
        parts.roles().start(); // before anybody is told where to come
        if (config.listeningLine()) {
            printListeningLines();
        }
    }

    /// The machine-readable line that scripts wait for.
    @SuppressWarnings("SystemOut") // stdout is the interface that chiral.listening-line promises
    private void printListeningLines() {
        for (var address : host.listeningSpelledOut()) {
            System.out.printf(
                    "{\"event\":\"listening\",\"addr\":\"%s/p2p/%s\"}%n", address, host.peerId());
        }
        System.out.flush();
    }

    private void describe() {
        LOG.infof(
                "Listening: peer=%s addresses=%s transport=%s crypto=%s",
                host.peerId(), host.listening(), host.transportName(), crypto.provider().name());
        for (var rejection : crypto.rejected()) {
            LOG.warnf(
                    "A slower crypto provider is in use: rejected=%s reason=%s",
                    rejection.candidate(), rejection.reason());
        }
        var announced = host.announced();
        if (host.edge().isActive()) {
            LOG.info("No public address: relays are asked to let this node be reached");
        } else if (announced.stream().noneMatch(settings.scope()::allows)) {
            LOG.warnf(
                    "No address to announce is in scope, so the node is not ready and gives no"
                            + " reservations: set chiral.announce: scope=%s listening=%s",
                    settings.scope(), host.listeningSpelledOut());
        } else {
            LOG.infof("Announcing: addresses=%s", announced.stream().map(this::named).toList());
        }
    }

    private Multiaddr named(Multiaddr address) {
        return address.withPeer(host.peerId().bytes());
    }

    /// While probes are still answered: peers leave, and circuits have their grace.
    void onEndInSight(@Observes ShutdownDelayInitiatedEvent event) {
        drain();
    }

    void onStop(@Observes ShutdownEvent event) {
        drain();
        parts.access().stop();
        parts.memory().stop();
        parts.history().stop();
        parts.events().stop();
        parts.keeper().saveNow(); // with what ended during the grace
        host.close();
        parts.keeper().stop(); // circuits that the close ended count too
        parts.loops().close();
    }

    private void drain() {
        LOG.infof("Shutting down: connections=%d", host.connectionCount());
        parts.drain().begin();
        parts.drain().awaitCircuits();
    }
}
