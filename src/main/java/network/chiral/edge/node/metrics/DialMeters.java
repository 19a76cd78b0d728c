// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.DialException;
import network.chiral.edge.libp2p.swarm.DialOutcome;

/// What go-libp2p tells of dials, with its labels and its buckets, which its dashboard names.
final class DialMeters {
    private static final String PREFIX = "libp2p.swarm.";

    private static final Duration[] BUCKETS =
            IntStream.of(1, 10, 50, 100, 200, 300, 400, 500, 750, 1_000, 2_000)
                    .mapToObj(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private static final int MOST_DIALS = 6;
    private static final String TCP = "tcp";
    private static final String CIRCUIT = "p2p-circuit";

    /// go-libp2p's number for "allowed": this node has no filter that would give up IPv6.
    private static final int ALLOWED = 1;

    private record Meters(Counter dials, Timer latency) {}

    private final MeterRegistry registry;
    private final Meters[] succeeded = new Meters[MOST_DIALS + 1];
    private final Meters[] failed = new Meters[MOST_DIALS + 1];
    private final Timer waited;
    private final SuccessShare six = new SuccessShare();

    DialMeters(MeterRegistry registry) {
        this.registry = registry;
        for (int dials = 0; dials <= MOST_DIALS; dials++) {
            succeeded[dials] = meters("success", dials);
            failed[dials] = meters("failed", dials);
        }
        waited =
                Timer.builder(PREFIX + "dial.ranking.delay")
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry);
        for (var error : new String[] {"timeout", "connection refused", "other"}) {
            errors(TCP, error, "ip4");
            errors(TCP, error, "ip6");
        }
        blackHole("state", () -> ALLOWED);
        blackHole("next.request.allowed.after", () -> 0);
        blackHole("success.fraction", six::share);
    }

    private Meters meters(String outcome, int dials) {
        var number = dials < MOST_DIALS ? Integer.toString(dials) : ">=" + MOST_DIALS;
        return new Meters(
                registry.counter(
                        PREFIX + "dials.per.peer", "outcome", outcome, "num_dials", number),
                Timer.builder(PREFIX + "dial.latency")
                        .tag("outcome", outcome)
                        .tag("num_dials", number)
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry));
    }

    private void blackHole(String what, Supplier<Number> value) {
        Gauge.builder(PREFIX + "black.hole.filter." + what, value)
                .tag("name", "IPv6")
                .register(registry);
    }

    void dialled(DialOutcome outcome) {
        var meters =
                (outcome.address().isPresent() ? succeeded : failed)
                        [Math.min(outcome.tried(), MOST_DIALS)];
        meters.dials().increment();
        meters.latency().record(outcome.took());
        outcome.address()
                .ifPresent(address -> {
                    waited.record(outcome.waited());
                    count(address, true);
                });
    }

    void failed(Multiaddr address, DialException.Reason reason) {
        errors(address.isCircuit() ? CIRCUIT : TCP, label(reason), version(address)).increment();
        if (reason != DialException.Reason.CANCELLED) {
            count(address, false);
        }
    }

    private void count(Multiaddr address, boolean success) {
        if (version(address).equals("ip6")) {
            six.add(success);
        }
    }

    private Counter errors(String transport, String error, String version) {
        return registry.counter(
                PREFIX + "dial.errors",
                "transport",
                transport,
                "error",
                error,
                "ip_version",
                version);
    }

    private static String version(Multiaddr address) {
        return address.ip().map(ip -> ip instanceof Inet6Address ? "ip6" : "ip4").orElse("unknown");
    }

    private static String label(DialException.Reason reason) {
        return switch (reason) {
            case TIMEOUT -> "timeout";
            case REFUSED -> "connection refused";
            case CANCELLED -> "canceled: other";
            case UNREACHABLE,
                    HANDSHAKE,
                    NOT_DIALABLE,
                    BACKOFF,
                    RELAY_UNREACHABLE,
                    RELAY_NO_RESERVATION,
                    RELAY_RESOURCE_LIMIT_EXCEEDED,
                    RELAY_PERMISSION_DENIED,
                    RELAY_CONNECTION_FAILED,
                    RELAY_REFUSED ->
                    "other";
        };
    }
}
