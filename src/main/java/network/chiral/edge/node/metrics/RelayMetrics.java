// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.relay.Refusal;
import network.chiral.edge.libp2p.protocol.relay.RelayListener;
import network.chiral.edge.libp2p.protocol.relay.RelayStatus;
import network.chiral.edge.libp2p.swarm.Joined;

/// The relay's metrics, under the names and labels of go-libp2p's `relaysvc`.
@Singleton
public class RelayMetrics implements RelayListener {
    private static final String PREFIX = "libp2p.relaysvc.";

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(2),
        Duration.ofMinutes(10),
        Duration.ofMinutes(30),
        Duration.ofHours(1)
    };

    private static final List<String> REQUESTS = List.of("reservation", "connection");

    private final MeterRegistry registry;
    private final Host host;
    private final Counter opened;
    private final Counter closed;
    private final Counter connectionsOk;
    private final Map<Joined.End, Counter> ended = new EnumMap<>(Joined.End.class);
    private final Counter bytes;
    private final Timer duration;

    RelayMetrics(MeterRegistry registry, Host host) {
        this.registry = registry;
        this.host = host;
        // what each circuit counts is looked up once, not each time
        this.opened = registry.counter(PREFIX + "connections", "type", "opened");
        this.closed = registry.counter(PREFIX + "connections", "type", "closed");
        this.connectionsOk = status("connection.request.response.status", RelayStatus.OK);
        for (var end : Joined.End.values()) {
            ended.put(end, registry.counter("chiral.relay.circuits.ended", "end", label(end)));
        }
        for (var status : RelayStatus.values()) {
            register(status);
        }
        for (var why : Refusal.values()) {
            for (var request : REQUESTS) {
                refusals(request, why);
            }
        }
        this.bytes = registry.counter(PREFIX + "data.transferred.bytes");
        for (var type : new String[] {"opened", "renewed", "closed"}) {
            registry.counter(PREFIX + "reservations", "type", type);
        }
        status("reservation.request.response.status", RelayStatus.OK);
        this.duration =
                Timer.builder(PREFIX + "connection.duration")
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry);
    }

    /// What can be refused is there from the start, so that the first refusal is a rise.
    private void register(RelayStatus status) {
        for (var request : REQUESTS) {
            var reason = goReason(status);
            if (!reason.isEmpty()) {
                registry.counter(PREFIX + request + ".rejections", "reason", reason);
                status(request + ".request.response.status", status);
            }
        }
    }

    /// Begins to count.
    public void start() {
        var relay = host.relay();
        registry.gauge(
                PREFIX + "status",
                relay,
                _ -> host.isRelay() && !host.directAddresses().isEmpty() ? 1 : 0);
        registry.gauge("chiral.relay.reservations", relay, r -> r.reservationCount());
        registry.gauge("chiral.relay.circuits", relay, r -> r.circuitCount());
        registry.gauge("chiral.relay.reservations.limit", relay, r -> r.limits().reservations());
        registry.gauge("chiral.relay.circuits.limit", relay, r -> r.limits().circuits());
        host.onRelay(this);
    }

    @Override
    public void onReserved(PeerId peer, boolean renewal) {
        reservations(renewal ? "renewed" : "opened");
        status("reservation.request.response.status", RelayStatus.OK).increment();
    }

    @Override
    public void onReservationReleased(PeerId peer) {
        reservations("closed");
    }

    @Override
    public void onReservationRefused(PeerId peer, Refusal why) {
        refused("reservation", why);
    }

    @Override
    public void onCircuitOpened(PeerId source, PeerId destination) {
        opened.increment();
        connectionsOk.increment();
    }

    @Override
    public void onCircuitRefused(PeerId source, PeerId destination, Refusal why) {
        refused("connection", why);
    }

    @Override
    public void onCircuitClosed(PeerId source, PeerId destination, Joined joined, Duration lasted) {
        closed.increment();
        Objects.requireNonNull(ended.get(joined.end())).increment();
        bytes.increment((double) (joined.bytesForward() + joined.bytesBackward()));
        duration.record(lasted);
    }

    @Override
    public void onBadRequest(PeerId peer, Refusal why) {
        refusals("unreadable", why).increment();
    }

    private void reservations(String type) {
        registry.counter(PREFIX + "reservations", "type", type).increment();
    }

    private void refused(String request, Refusal why) {
        status(request + ".request.response.status", why.status()).increment();
        var reason = goReason(why.status());
        if (!reason.isEmpty()) {
            registry.counter(PREFIX + request + ".rejections", "reason", reason).increment();
        }
        refusals(request, why).increment();
    }

    private Counter refusals(String request, Refusal why) {
        return registry.counter("chiral.relay.refusals", "request", request, "reason", why.label());
    }

    private Counter status(String name, RelayStatus status) {
        var label =
                switch (status) {
                    case OK -> "ok";
                    case UNEXPECTED_MESSAGE, CONNECTION_FAILED -> "error";
                    case RESERVATION_REFUSED,
                            RESOURCE_LIMIT_EXCEEDED,
                            PERMISSION_DENIED,
                            NO_RESERVATION,
                            MALFORMED_MESSAGE ->
                            "rejected";
                    case UNUSED -> "unknown";
                };
        return registry.counter(PREFIX + name, "status", label);
    }

    /// The label values of go-libp2p's `rejections_total`; empty for what it does not call a rejection.
    private static String goReason(RelayStatus status) {
        return switch (status) {
            case RESERVATION_REFUSED -> "ip constraint violation";
            case RESOURCE_LIMIT_EXCEEDED -> "resource limit exceeded";
            case PERMISSION_DENIED -> "permission denied";
            case NO_RESERVATION -> "no reservation";
            case MALFORMED_MESSAGE -> "malformed message";
            case OK, UNUSED, CONNECTION_FAILED, UNEXPECTED_MESSAGE -> "";
        };
    }

    private static String label(Joined.End end) {
        return switch (end) {
            case CLOSED -> "closed";
            case FIRST_RESET -> "source_reset";
            case SECOND_RESET -> "destination_reset";
            case BYTES_SPENT -> "bytes_spent";
            case TIME_SPENT -> "time_spent";
            case STOPPED -> "stopped";
        };
    }
}
