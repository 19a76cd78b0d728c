// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.Inet6Address;
import network.chiral.edge.libp2p.swarm.Connection;

/// A counter of connections with go-libp2p's labels, each looked up once and not for every connection.
final class ConnectionCounters {
    private final Counter[] counters = new Counter[4]; // by direction and IP version

    ConnectionCounters(MeterRegistry registry, String name) {
        for (var direction : Connection.Direction.values()) {
            for (boolean six : new boolean[] {false, true}) {
                counters[index(direction, six)] =
                        registry.counter(
                                name,
                                "dir",
                                NodeMetrics.direction(direction),
                                "transport",
                                "tcp",
                                "security",
                                "/noise",
                                "muxer",
                                "/yamux/1.0.0",
                                "ip_version",
                                six ? "ip6" : "ip4");
            }
        }
    }

    void count(Connection connection) {
        boolean six = connection.remoteSocket().getAddress() instanceof Inet6Address;
        counters[index(connection.direction(), six)].increment();
    }

    private static int index(Connection.Direction direction, boolean six) {
        return (direction == Connection.Direction.INBOUND ? 0 : 2) + (six ? 1 : 0);
    }
}
