// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.health;

import jakarta.inject.Singleton;
import java.time.Duration;
import network.chiral.edge.node.cache.PeerCache;
import network.chiral.edge.node.cache.SaveOutcome;
import network.chiral.edge.node.reconnect.CacheWarmth;
import network.chiral.edge.node.reconnect.CacheWarmth.State;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/// How warm the node is, under the same keys wherever it is told.
@Singleton
class WarmthData {
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
        switch (warmth.state()) {
            case State.NotRead() -> counts(response, "warming", 0, 0, 0, 0);
            case State.Empty(var known) -> counts(response, "empty", known, 0, 0, 0);
            case State.Warming(var known, var relays, var dialled, var connected) ->
                    counts(response, "warming", known, relays, dialled, connected);
            case State.Over(var report) ->
                    counts(
                            response,
                            report.isWarm() ? "warm" : "cold",
                            report.known(),
                            report.relayCapable(),
                            report.dialled(),
                            report.connected());
        }
        response.withData(
                "firstPeerMillis", warmth.firstPeer().map(Duration::toMillis).orElse(UNKNOWN));
        var save = cache.lastSave();
        response.withData("lastSave", save.map(s -> s.at().toString()).orElse("never"));
        return response.withData("lastSaveOutcome", save.map(WarmthData::described).orElse("none"));
    }

    private static void counts(
            HealthCheckResponseBuilder response,
            String state,
            int known,
            int relayCapable,
            int dialled,
            int connected) {
        double hitRate = dialled == 0 ? 0 : Math.round(1000.0 * connected / dialled) / 1000.0;
        response.withData("state", state)
                .withData("known", known)
                .withData("dialled", dialled)
                .withData("connected", connected)
                .withData("hitRate", Double.toString(hitRate))
                .withData("relayCapable", relayCapable);
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
