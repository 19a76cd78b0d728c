// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.kad.Dht;
import network.chiral.edge.libp2p.protocol.kad.KadListener;
import network.chiral.edge.libp2p.protocol.kad.KadRefusal;
import network.chiral.edge.libp2p.protocol.kad.KadType;

/// The DHTs' metrics: `rpc_inbound_*` and `rpc_outbound_*` are go-libp2p-kad-dht's.
@Singleton
public class KadMetrics {
    private static final String TYPE = "message_type";
    private static final String DHT = "dht";

    private static final Duration[] INBOUND = {
        Duration.ofNanos(100_000),
        Duration.ofMillis(1),
        Duration.ofMillis(10),
        Duration.ofMillis(100)
    };

    private static final Duration[] OUTBOUND = {
        Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(10)
    };

    private final MeterRegistry registry;
    private final Host host;

    KadMetrics(MeterRegistry registry, Host host) {
        this.registry = registry;
        this.host = host;
    }

    /// Begins to count.
    public void start() {
        for (var dht : host.dhts()) {
            gauge("chiral.kad.table.size", dht, Dht::tableSize);
            gauge("chiral.kad.records", dht, Dht::records);
            gauge("chiral.kad.record.bytes", dht, Dht::recordBytes);
            gauge("chiral.kad.providers", dht, Dht::providers);
            gauge("chiral.kad.provided.keys", dht, Dht::providedKeys);
            gauge("chiral.kad.serving", dht, one -> one.isServing() ? 1 : 0);
            dht.addListener(new Counting(dht.protocol().name()));
        }
    }

    private void gauge(String name, Dht dht, ToDoubleFunction<Dht> value) {
        Gauge.builder(name, dht, value).tag(DHT, dht.protocol().name()).register(registry);
    }

    private record Inbound(Counter messages, Counter bytes, Timer latency) {}

    /// Counts for one DHT.
    private final class Counting implements KadListener {
        private final String dht;
        private final Map<KadType, Inbound> inbound = new EnumMap<>(KadType.class);

        Counting(String dht) {
            this.dht = dht;
            for (var type : KadType.values()) { // looked up once, not with every request
                inbound.put(
                        type,
                        new Inbound(
                                count("rpc.inbound.messages", type),
                                count("rpc.inbound.bytes", type),
                                timer("rpc.inbound.request.latency", type.name(), INBOUND)));
            }
        }

        @Override
        public void onRequest(PeerId peer, KadType type, int bytes) {
            var meters = meters(type);
            meters.messages().increment();
            meters.bytes().increment(bytes);
        }

        private Inbound meters(KadType type) {
            return Objects.requireNonNull(inbound.get(type));
        }

        private Counter count(String name, KadType type) {
            return registry.counter(name, DHT, dht, TYPE, type.name());
        }

        @Override
        public void onServed(PeerId peer, KadType type, Duration took) {
            meters(type).latency().record(took);
        }

        @Override
        public void onRefused(PeerId peer, KadRefusal why) {
            registry.counter("chiral.kad.refusals", DHT, dht, "reason", why.label()).increment();
        }

        @Override
        public void onAnswered(PeerId peer, KadType type, Duration took) {
            count("rpc.outbound.requests", type).increment();
            timer("rpc.outbound.request.latency", type.name(), OUTBOUND).record(took);
        }

        @Override
        public void onUnanswered(PeerId peer, KadType type) {
            count("rpc.outbound.requests", type).increment();
            count("rpc.outbound.request.errors", type).increment();
        }

        @Override
        public void onQuery(Query query, Outcome outcome, Duration took, int asked) {
            registry.timer(
                            "chiral.kad.query.duration",
                            DHT,
                            dht,
                            "query",
                            query.name().toLowerCase(Locale.ROOT),
                            "outcome",
                            outcome.name().toLowerCase(Locale.ROOT))
                    .record(took);
        }

        private Timer timer(String name, String type, Duration[] buckets) {
            return Timer.builder(name)
                    .tag(DHT, dht)
                    .tag(TYPE, type)
                    .serviceLevelObjectives(buckets)
                    .register(registry);
        }
    }
}
