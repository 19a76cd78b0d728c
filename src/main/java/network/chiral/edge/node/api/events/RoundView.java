// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.events;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import network.chiral.edge.node.reconnect.DialOutcome;
import network.chiral.edge.node.reconnect.ReconnectRounds.Round;

/// A round of redials as the API tells it.
public final class RoundView {
    private RoundView() {}

    public static JsonObject json(Round round) {
        var outcomes = new JsonObject();
        for (var outcome : DialOutcome.values()) {
            outcomes.put(outcome.label(), round.outcomes().getOrDefault(outcome, 0));
        }
        double hitRate = round.dialled() == 0 ? 0 : (double) round.connected() / round.dialled();
        return new JsonObject()
                .put("number", round.number())
                .put("began", round.began().toString())
                .put("over", round.over())
                .put("known", round.known())
                .put("relayCapable", round.relayCapable())
                .put("dialled", round.dialled())
                .put("ended", round.ended())
                .put("connected", round.connected())
                .put("hitRate", Pulse.rate(hitRate))
                .put("outcomes", outcomes)
                .put("tookMillis", round.took().toMillis());
    }

    /// The name as the API spells it.
    public static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
