// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.stream.LongStream;
import network.chiral.edge.libp2p.swarm.Connection;

/// What go-libp2p tells of connections, with its labels; each meter is looked up once and not for every
/// connection.
final class ConnectionMeters {
    private static final String PREFIX = "libp2p.swarm.";

    /// From a sixteenth of a second to six days, each four times the one before (go has twice as many).
    private static final Duration[] LIFETIMES = buckets(62_500, 4, 12);

    /// From a millisecond to nine seconds.
    private static final Duration[] HANDSHAKES = buckets(1_000, 2, 14);

    private static final String[] KEY_TYPES = {"RSA", "Ed25519", "Secp256k1", "ECDSA"};

    private record Meters(Counter opened, Counter closed, Timer lifetime, Timer handshake) {}

    private final Meters[] meters = new Meters[8]; // by direction, IP version and early muxer
    private final Counter[] keys = new Counter[2 * KEY_TYPES.length]; // by direction and type

    ConnectionMeters(MeterRegistry registry) {
        for (var direction : Connection.Direction.values()) {
            for (int version = 0; version < 2; version++) {
                for (int early = 0; early < 2; early++) {
                    meters[index(direction, version == 1, early == 1)] =
                            meters(registry, direction, version == 1, early == 1);
                }
            }
            for (int type = 0; type < KEY_TYPES.length; type++) {
                keys[KEY_TYPES.length * side(direction) + type] =
                        registry.counter(
                                PREFIX + "key.types",
                                "dir",
                                NodeMetrics.direction(direction),
                                "key_type",
                                KEY_TYPES[type]);
            }
        }
    }

    private static Meters meters(
            MeterRegistry registry, Connection.Direction direction, boolean six, boolean early) {
        var kind =
                Tags.of(
                        "transport",
                        "tcp",
                        "security",
                        "/noise",
                        "muxer",
                        "/yamux/1.0.0",
                        "early_muxer",
                        Boolean.toString(early),
                        "ip_version",
                        six ? "ip6" : "ip4");
        var all = kind.and("dir", NodeMetrics.direction(direction));
        return new Meters(
                registry.counter(PREFIX + "connections.opened", all),
                registry.counter(PREFIX + "connections.closed", all),
                Timer.builder(PREFIX + "connection.duration")
                        .tags(all)
                        .serviceLevelObjectives(LIFETIMES)
                        .register(registry),
                // without a direction: both share one
                Timer.builder(PREFIX + "handshake.latency")
                        .tags(kind)
                        .serviceLevelObjectives(HANDSHAKES)
                        .register(registry));
    }

    private static Duration[] buckets(long firstMicros, int factor, int count) {
        return LongStream.iterate(firstMicros, micros -> micros * factor)
                .limit(count)
                .mapToObj(micros -> Duration.ofNanos(1_000 * micros))
                .toArray(Duration[]::new);
    }

    void opened(Connection connection) {
        var meter = of(connection);
        meter.opened().increment();
        meter.handshake().record(connection.handshake().took());
        int type = connection.handshake().keyType();
        keys[KEY_TYPES.length * side(connection.direction()) + type].increment();
    }

    void closed(Connection connection) {
        var meter = of(connection);
        meter.closed().increment();
        meter.lifetime().record(connection.age());
    }

    private Meters of(Connection connection) {
        return meters[
                index(
                        connection.direction(),
                        connection.remoteSocket().getAddress() instanceof Inet6Address,
                        connection.handshake().earlyMuxer())];
    }

    private static int side(Connection.Direction direction) {
        return direction == Connection.Direction.INBOUND ? 0 : 1;
    }

    private static int index(Connection.Direction direction, boolean six, boolean early) {
        return 4 * side(direction) + (six ? 2 : 0) + (early ? 1 : 0);
    }
}
