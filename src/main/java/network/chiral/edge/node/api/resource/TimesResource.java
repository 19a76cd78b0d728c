// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.resource;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.List;
import network.chiral.edge.node.api.Answer;
import network.chiral.edge.node.api.Resource;
import network.chiral.edge.node.api.Route;
import network.chiral.edge.node.api.events.HistorySampler;
import network.chiral.edge.node.api.events.RoundView;
import network.chiral.edge.node.reconnect.ReconnectRounds;

/// How it went: the last hour in samples, and the rounds of redials.
@Singleton
class TimesResource implements Resource {
    private final HistorySampler history;
    private final ReconnectRounds rounds;

    TimesResource(HistorySampler history, ReconnectRounds rounds) {
        this.history = history;
        this.rounds = rounds;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/history", _ -> Answer.ok(history.json())),
                Route.get("/reconnect", _ -> Answer.ok(reconnect())));
    }

    private JsonObject reconnect() {
        var latest = new JsonArray();
        rounds.latest().forEach(round -> latest.add(RoundView.json(round)));
        return new JsonObject().put("rounds", latest);
    }
}
