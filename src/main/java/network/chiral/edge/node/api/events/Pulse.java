// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.events;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.node.cache.CachedPeerValue;
import network.chiral.edge.node.health.NodeState;
import network.chiral.edge.node.health.Probes;
import network.chiral.edge.node.reconnect.CacheWarmth;
import org.jspecify.annotations.Nullable;

/// The node in a dozen numbers, cheap enough for every second.
@Singleton
public class Pulse {
    private final Host host;
    private final NodeState state;
    private final Probes probes;
    private final CacheWarmth warmth;
    private final CachedPeerValue cached;
    private final MeterRegistry metrics;
    private final Clock clock;

    Pulse(
            Host host,
            NodeState state,
            Probes probes,
            CacheWarmth warmth,
            CachedPeerValue cached,
            MeterRegistry metrics,
            Clock clock) {
        this.host = host;
        this.state = state;
        this.probes = probes;
        this.warmth = warmth;
        this.cached = cached;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// The numbers of a moment.
    ///
    /// @param relayedBytes payload of all circuits since the start
    /// @param refusals of the relay since the start
    /// @param cached peers that a save would write
    /// @param cachedConnected those of them that are connected
    /// @param hitRate of the last round of redials, 0 to 1; NaN before one is over
    public record Moment(
            Instant at,
            int connections,
            int peers,
            int reservations,
            int circuits,
            long relayedBytes,
            long refusals,
            int cached,
            int cachedConnected,
            double hitRate) {}

    public Moment now() {
        var relay = host.relay();
        var saved = cached.saved();
        int connected = (int) saved.stream().filter(this::isConnected).count();
        double hitRate =
                warmth.state() instanceof CacheWarmth.State.Over(var report)
                        ? report.hitRate()
                        : Double.NaN;
        return new Moment(
                clock.instant(),
                host.connectionCount(),
                host.peerCount(),
                relay.reservationCount(),
                relay.circuitCount(),
                relay.relayedBytes(),
                refusals(),
                saved.size(),
                connected,
                hitRate);
    }

    /// Whether a peer of the cache is connected; a file may name one whose id only looks like an id.
    public boolean isConnected(String peer) {
        try {
            return host.connection(PeerId.parse(peer)).isPresent();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private long refusals() {
        return (long)
                metrics.find("chiral.relay.refusals").counters().stream()
                        .mapToDouble(Counter::count)
                        .sum();
    }

    /// The same as a status event and as part of the status.
    public JsonObject json(Moment moment) {
        var reason = probes.whyNotReady();
        return new JsonObject()
                .put("at", moment.at().toString())
                .put("state", state(reason))
                .put("reason", reason.isEmpty() ? null : reason)
                .put("relay", host.isRelay())
                .put("connections", moment.connections())
                .put("peers", moment.peers())
                .put("reservations", moment.reservations())
                .put("circuits", moment.circuits())
                .put("relayedBytes", moment.relayedBytes())
                .put("refusals", moment.refusals())
                .put("cached", moment.cached())
                .put("cachedConnected", moment.cachedConnected())
                .put("hitRate", rate(moment.hitRate()));
    }

    private String state(String reason) {
        if (state.isDraining()) {
            return "draining";
        }
        return reason.isEmpty() ? "ready" : "not_ready";
    }

    /// Three decimals; null for what is not known.
    public static @Nullable Double rate(double value) {
        return Double.isNaN(value) ? null : Math.round(1000 * value) / 1000.0;
    }
}
