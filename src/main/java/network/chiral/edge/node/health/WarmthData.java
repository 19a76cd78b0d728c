// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.health;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import network.chiral.edge.node.cache.PeerCache;
import network.chiral.edge.node.cache.SaveOutcome;
import network.chiral.edge.node.reconnect.CacheWarmth;
import network.chiral.edge.node.reconnect.CacheWarmth.State;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/// How warm the node is, under the same keys wherever it is told.
@Singleton
public class WarmthData {
    private static final long UNKNOWN = -1;

    private final CacheWarmth warmth;
    private final PeerCache cache;

    WarmthData(CacheWarmth warmth, PeerCache cache) {
        this.warmth = warmth;
        this.cache = cache;
    }

    /// Adds `state`, `known`, `dialled`, `connected`, `hitRate` (0 to 1), `relayCapable`,
    /// `firstPeerMillis` (-1 before the first), `lastSave` (ISO-8601) and `lastSaveOutcome`.
    HealthCheckResponseBuilder addTo(HealthCheckResponseBuilder response) {
        values().forEach((key, value) -> {
            switch (value) {
                case Integer number -> response.withData(key, number);
                case Long number -> response.withData(key, number);
                default -> response.withData(key, value.toString());
            }
        });
        return response;
    }

    /// The same by key, the hit rate as a number.
    public Map<String, Object> values() {
        var values = new LinkedHashMap<String, Object>();
        switch (warmth.state()) {
            case State.NotRead() -> counts(values, "warming", 0, 0, 0, 0);
            case State.Empty(var known) -> counts(values, "empty", known, 0, 0, 0);
            case State.Warming(var known, var relays, var dialled, var connected) ->
                    counts(values, "warming", known, relays, dialled, connected);
            case State.Over(var report) ->
                    counts(
                            values,
                            report.isWarm() ? "warm" : "cold",
                            report.known(),
                            report.relayCapable(),
                            report.dialled(),
                            report.connected());
        }
        values.put("firstPeerMillis", warmth.firstPeer().map(Duration::toMillis).orElse(UNKNOWN));
        var save = cache.lastSave();
        values.put("lastSave", save.map(s -> s.at().toString()).orElse("never"));
        values.put("lastSaveOutcome", save.map(WarmthData::described).orElse("none"));
        return values;
    }

    private static void counts(
            Map<String, Object> values,
            String state,
            int known,
            int relayCapable,
            int dialled,
            int connected) {
        double hitRate = dialled == 0 ? 0 : Math.round(1000.0 * connected / dialled) / 1000.0;
        values.put("state", state);
        values.put("known", known);
        values.put("dialled", dialled);
        values.put("connected", connected);
        values.put("hitRate", hitRate);
        values.put("relayCapable", relayCapable);
    }

    private static String described(SaveOutcome save) {
        return switch (save) {
            case SaveOutcome.Saved(var _, var peers) -> "saved " + peers + " peers";
            case SaveOutcome.NothingToSave _ -> "nothing to save";
            case SaveOutcome.Failed(var _, var error) -> "failed: " + error;
        };
    }

    /// True where the latest save failed.
    boolean saveFails() {
        return cache.lastSave().filter(SaveOutcome.Failed.class::isInstance).isPresent();
    }
}
