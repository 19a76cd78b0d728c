// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;
import network.chiral.edge.libp2p.crypto.CryptoProviders;
import network.chiral.edge.libp2p.crypto.Selection;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.DialException;
import network.chiral.edge.libp2p.swarm.DialOutcome;
import network.chiral.edge.libp2p.swarm.HandshakeFailure;
import network.chiral.edge.libp2p.swarm.StreamRefusal;
import network.chiral.edge.libp2p.swarm.SwarmListener;
import network.chiral.edge.libp2p.swarm.TrimReason;
import network.chiral.edge.node.cache.CachedPeer;
import network.chiral.edge.node.cache.PeerCache;
import network.chiral.edge.node.cache.PeerHistory;
import network.chiral.edge.node.cache.SaveOutcome;
import network.chiral.edge.node.reconnect.CacheWarmth;
import network.chiral.edge.node.reconnect.CacheWarmth.State;

/// Metrics of connections, of the peer cache and of the warm restart.
@Singleton
public class NodeMetrics implements SwarmListener {
    private final MeterRegistry registry;
    private final Host host;
    private final PeerHistory history;
    private final PeerCache cache;
    private final CacheWarmth warmth;
    private final Clock clock;
    private final BlockedResources blocked;
    private final ConnectionMeters connections;
    private final DialMeters dials;

    NodeMetrics(
            MeterRegistry registry,
            Host host,
            PeerHistory history,
            PeerCache cache,
            CacheWarmth warmth,
            Clock clock) {
        this.registry = registry;
        this.host = host;
        this.history = history;
        this.cache = cache;
        this.warmth = warmth;
        this.clock = clock;
        this.blocked = new BlockedResources(registry);
        this.connections = new ConnectionMeters(registry);
        this.dials = new DialMeters(registry);
    }

    /// Begins to count.
    ///
    /// @param crypto told as a label
    public void start(Selection crypto) {
        host.onSwarm(this);
        gauge("chiral.connections", host::connectionCount);
        gauge("chiral.peers", host::peerCount);
        gauge("chiral.addresses.announced", () -> host.announced().size());
        register();
        usageGauges();
        gauge("chiral.event.loop.lag.seconds", () -> seconds(host.eventLoopLag()));
        gauge("chiral.crypto.contexts", CryptoProviders::liveContexts);
        Gauge.builder("chiral.crypto.provider", () -> 1)
                .tag("name", crypto.provider().name())
                .register(registry);
        cacheGauges();
        gauge("chiral.cache.hit.ratio", this::hitRate);
        gauge("chiral.reconnect.known", () -> state().known());
        gauge("chiral.reconnect.connected", () -> state().connected());
        gauge(
                "chiral.first.peer.seconds",
                () -> warmth.firstPeer().map(NodeMetrics::seconds).orElse(Double.NaN));
    }

    /// Every reason is there from the start, so that the first of its kind is a rise.
    private void register() {
        for (var why : HandshakeFailure.values()) {
            for (var dir : Connection.Direction.values()) {
                failures(dir, why);
            }
            if (why.isLimit()) {
                connectionsRefused(why);
            }
        }
        for (var why : StreamRefusal.values()) {
            streamsRefused(why);
        }
        for (var reason : TrimReason.values()) {
            trimmed(reason);
        }
    }

    private Counter failures(Connection.Direction dir, HandshakeFailure why) {
        return registry.counter(
                "chiral.handshake.failures", "dir", direction(dir), "reason", why.label());
    }

    private Counter connectionsRefused(HandshakeFailure why) {
        return registry.counter("chiral.connections.refused", "reason", why.label());
    }

    private Counter streamsRefused(StreamRefusal why) {
        return registry.counter("chiral.streams.refused", "reason", why.label());
    }

    private Counter trimmed(TrimReason reason) {
        return registry.counter("chiral.connections.trimmed", "reason", reason.label());
    }

    /// The names of go-libp2p's resource manager, system scope.
    private void usageGauges() {
        usage("libp2p.rcmgr.connections", "inbound", () -> host.usage().inbound());
        usage("libp2p.rcmgr.connections", "outbound", () -> host.usage().outbound());
        usage("libp2p.rcmgr.streams", "inbound", () -> host.usage().streams());
        Gauge.builder("libp2p.rcmgr.memory", () -> host.usage().bufferedBytes())
                .tag("scope", "system")
                .register(registry);
        gauge("chiral.connections.handshakes", () -> host.usage().handshakes());
        gauge("chiral.window.growth.bytes", () -> host.usage().windowGrowthBytes());
    }

    private void usage(String name, String direction, Supplier<Number> value) {
        Gauge.builder(name, value).tag("dir", direction).tag("scope", "system").register(registry);
    }

    private void cacheGauges() {
        gauge("chiral.cache.peers", () -> saved().count());
        gauge(
                "chiral.cache.relay.capable.ratio",
                () -> share(saved().filter(CachedPeer::supportsRelay).count(), saved().count()));
        gauge("chiral.cache.stale.ratio", () -> history.staleShare(clock.instant()));
        gauge("chiral.cache.reliability.average", () -> history.statistics().averageReliability());
        gauge(
                "chiral.cache.last.save.success",
                () ->
                        cache.lastSave()
                                .map(save -> save instanceof SaveOutcome.Failed ? 0 : 1)
                                .orElse(1));
        gauge(
                "chiral.cache.last.save.timestamp.seconds",
                () ->
                        cache.lastSave()
                                .map(save -> (double) save.at().getEpochSecond())
                                .orElse(Double.NaN));
    }

    private Stream<CachedPeer> saved() {
        return history.snapshot(clock.instant()).stream();
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private record Round(int known, int connected) {}

    private Round state() {
        return switch (warmth.state()) {
            case State.NotRead() -> new Round(0, 0);
            case State.Empty(var known) -> new Round(known, 0);
            case State.Warming(var known, var _, var _, var connected) ->
                    new Round(known, connected);
            case State.Over(var report) -> new Round(report.known(), report.connected());
        };
    }

    /// NaN before the first round is over: an unknown ratio must not raise an alert.
    private double hitRate() {
        return warmth.state() instanceof State.Over(var report) ? report.hitRate() : Double.NaN;
    }

    private void gauge(String name, Supplier<Number> value) {
        Gauge.builder(name, value).register(registry);
    }

    // --- go-libp2p's swarm metrics

    @Override
    public void onConnected(Connection connection) {
        connections.opened(connection);
    }

    @Override
    public void onDisconnected(Connection connection, boolean last, String reason) {
        connections.closed(connection);
    }

    @Override
    public void onDialFailed(Multiaddr address, DialException.Reason reason) {
        dials.failed(address, reason);
    }

    @Override
    public void onDialled(DialOutcome outcome) {
        dials.dialled(outcome);
    }

    @Override
    public void onHandshakeFailed(Connection.Direction dir, HandshakeFailure failure) {
        failures(dir, failure).increment();
        blocked.refused(dir, failure);
        if (failure.isLimit()) {
            connectionsRefused(failure).increment();
        }
    }

    @Override
    public void onStreamRefused(Connection connection, StreamRefusal why) {
        blocked.refused(why);
        streamsRefused(why).increment();
    }

    @Override
    public void onTrimmed(Connection connection, TrimReason reason) {
        trimmed(reason).increment();
    }

    static String direction(Connection.Direction direction) {
        return direction == Connection.Direction.INBOUND ? "inbound" : "outbound";
    }
}
