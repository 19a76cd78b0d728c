// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.resource;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import network.chiral.edge.node.api.Answer;
import network.chiral.edge.node.api.Resource;
import network.chiral.edge.node.api.Route;

/// What was refused since the start, by reason: the counters of the metrics.
@Singleton
class RefusalsResource implements Resource {
    private final MeterRegistry metrics;

    RefusalsResource(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(
                        "/refusals",
                        _ ->
                                Answer.ok(
                                        new JsonObject()
                                                .put("relay", counts("chiral.relay.refusals"))
                                                .put(
                                                        "connections",
                                                        counts("chiral.connections.refused"))
                                                .put("streams", counts("chiral.streams.refused"))
                                                .put("dht", counts("chiral.kad.refusals"))
                                                .put(
                                                        "handshakes",
                                                        counts("chiral.handshake.failures"))
                                                .put("admin", counts("chiral.admin.refused")))));
    }

    /// Largest first; those that are 0 are left out.
    private JsonArray counts(String name) {
        var counts = new JsonArray();
        metrics.find(name).counters().stream()
                .filter(counter -> counter.count() > 0)
                .sorted(Comparator.comparingDouble(Counter::count).reversed())
                .forEach(counter -> {
                    var json = new JsonObject();
                    counter.getId()
                            .getTags()
                            .forEach(tag -> json.put(tag.getKey(), tag.getValue()));
                    counts.add(json.put("count", (long) counter.count()));
                });
        return counts;
    }
}
