// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.HandshakeFailure;
import network.chiral.edge.libp2p.swarm.StreamRefusal;

/// What limits have turned away, under the name and labels of go-libp2p's resource manager.
///
/// A gauge that only grows, as go-libp2p has it. Scope `prefix` is ours: go-libp2p limits address prefixes
/// too and does not count what that turns away. Of memory this counts the streams reset for it, where
/// go-libp2p adds up bytes.
final class BlockedResources {
    private static final String INBOUND = "inbound";
    private static final String NO_DIRECTION = ""; // as go-libp2p has it for memory

    /// One series.
    private record Blocked(String dir, String scope, String resource) {}

    private final MeterRegistry registry;
    private final Map<Blocked, LongAdder> counts = new ConcurrentHashMap<>();

    /// Every series that can be is there from the start, so that its first refusal is a rise.
    BlockedResources(MeterRegistry registry) {
        this.registry = registry;
        for (var failure : HandshakeFailure.values()) {
            scope(failure).ifPresent(scope -> count(connection(INBOUND, scope)));
        }
        for (var why : StreamRefusal.values()) {
            count(of(why));
        }
    }

    void refused(Connection.Direction direction, HandshakeFailure why) {
        var dir = direction == Connection.Direction.INBOUND ? INBOUND : "outbound";
        scope(why).ifPresent(scope -> count(connection(dir, scope)).increment());
    }

    void refused(StreamRefusal why) {
        count(of(why)).increment();
    }

    private LongAdder count(Blocked what) {
        return counts.computeIfAbsent(
                what,
                _ -> {
                    var sum = new LongAdder();
                    Gauge.builder("libp2p.rcmgr.blocked.resources", sum::sum)
                            .tag("dir", what.dir())
                            .tag("scope", what.scope())
                            .tag("resource", what.resource())
                            .register(registry);
                    return sum;
                });
    }

    private static Blocked connection(String dir, String scope) {
        return new Blocked(dir, scope, "connection");
    }

    /// Empty where no limit was the reason.
    private static Optional<String> scope(HandshakeFailure failure) {
        return switch (failure) {
            case TOO_MANY_CONNECTIONS -> Optional.of("system");
            case TOO_MANY_HANDSHAKES -> Optional.of("transient");
            case TOO_MANY_OF_PEER -> Optional.of("peer");
            case TOO_MANY_OF_PREFIX, TOO_MANY_HANDSHAKES_OF_PREFIX, TOO_FAST ->
                    Optional.of("prefix");
            case TIMEOUT, CLOSED, PROTOCOL, PEER_MISMATCH, DENIED, SHUTTING_DOWN ->
                    Optional.empty();
        };
    }

    private static Blocked of(StreamRefusal why) {
        return switch (why) {
            case TOO_MANY -> new Blocked(INBOUND, "system", "stream");
            case TOO_MANY_OF_PEER -> new Blocked(INBOUND, "peer", "stream");
            case TOO_MANY_OF_PREFIX -> new Blocked(INBOUND, "prefix", "stream");
            case MEMORY -> new Blocked(NO_DIRECTION, "system", "memory");
            case MEMORY_OF_PEER -> new Blocked(NO_DIRECTION, "peer", "memory");
            case MEMORY_OF_PREFIX -> new Blocked(NO_DIRECTION, "prefix", "memory");
        };
    }
}
