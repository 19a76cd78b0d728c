// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.resource;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.chiral.edge.node.api.Answer;
import network.chiral.edge.node.api.Call;
import network.chiral.edge.node.api.Page;
import network.chiral.edge.node.api.Problem;
import network.chiral.edge.node.api.Problem.Kind;
import network.chiral.edge.node.api.Resource;
import network.chiral.edge.node.api.Route;
import network.chiral.edge.node.api.events.Pulse;
import network.chiral.edge.node.cache.CacheKeeper;
import network.chiral.edge.node.cache.CacheRules;
import network.chiral.edge.node.cache.CacheStatistics;
import network.chiral.edge.node.cache.CacheTransfer;
import network.chiral.edge.node.cache.CachedPeer;
import network.chiral.edge.node.cache.CachedPeerValue;
import network.chiral.edge.node.cache.PeerCache;
import network.chiral.edge.node.cache.PeerHistory;
import network.chiral.edge.node.cache.SaveOutcome;
import network.chiral.edge.node.health.WarmthData;

/// The peer cache: how it is, who is in it, and what can be done with it.
@Singleton
class CacheResource implements Resource {
    private static final Map<String, String> AS_FILE =
            Map.of("Content-Disposition", "attachment; filename=\"peer_cache.json\"");

    private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    private static final Page<CachedPeer> PAGE =
            new Page<>(
                    CachedPeer::peerId,
                    Map.of(
                            "id", _ -> 0,
                            "reliability", CachedPeer::reliabilityScore,
                            "seen", CachedPeer::lastSeen,
                            "latency", CachedPeer::averageLatencyMs,
                            "connections", CachedPeer::connectionCount,
                            "transfers", CachedPeer::transfers,
                            "bytes", CachedPeer::totalBytesTransferred),
                    "-reliability");

    private final PeerHistory history;
    private final Parts parts;
    private final Pulse pulse;
    private final Recent<List<CachedPeer>> known;

    /// What it takes to look after the cache.
    @Singleton
    record Parts(
            PeerCache cache,
            CacheRules rules,
            CacheKeeper keeper,
            CacheTransfer transfer,
            CachedPeerValue value,
            WarmthData warmth) {}

    CacheResource(PeerHistory history, Parts parts, Pulse pulse) {
        this.history = history;
        this.parts = parts;
        this.pulse = pulse;
        this.known = new Recent<>(history::known);
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/cache", _ -> Answer.ok(summary())),
                Route.get("/cache/entries", this::entries),
                Route.delete("/cache/entries/{peerId}", this::forget),
                Route.post("/cache/save", _ -> save()),
                Route.taking("POST", "/cache/import", Route.LARGE, this::take),
                Route.get(
                        "/cache/export",
                        _ -> Answer.of("application/json", parts.transfer().export(), AS_FILE)));
    }

    private JsonObject summary() {
        var saved = parts.value().saved();
        var all = known.get();
        var kept = all.stream().filter(peer -> saved.contains(peer.peerId())).toList();
        return new JsonObject()
                .put("known", statistics(CacheStatistics.of(all)))
                .put("saved", statistics(CacheStatistics.of(kept)))
                .put("maxPeers", parts.rules().maxPeers())
                .put("maxAgeSeconds", parts.rules().maxAge().toSeconds())
                .put("unsavedChanges", history.isDirty())
                .put("lastSave", parts.cache().lastSave().map(CacheResource::view).orElse(null))
                .put("warmth", new JsonObject(parts.warmth().values()));
    }

    private static JsonObject statistics(CacheStatistics statistics) {
        return new JsonObject()
                .put("peers", statistics.totalPeers())
                .put("relayCapable", statistics.relayCapablePeers())
                .put("bootstrap", statistics.bootstrapPeers())
                .put("averageReliability", Pulse.rate(statistics.averageReliability()))
                .put("transfers", statistics.totalTransfers())
                .put("bytes", statistics.totalBytesTransferred());
    }

    private static JsonObject view(SaveOutcome save) {
        var json = new JsonObject().put("at", save.at().toString());
        return switch (save) {
            case SaveOutcome.Saved(var _, var peers) ->
                    json.put("outcome", "saved").put("peers", peers);
            case SaveOutcome.NothingToSave _ -> json.put("outcome", "nothing_to_save");
            case SaveOutcome.Failed(var _, var error) ->
                    json.put("outcome", "failed").put("error", error);
        };
    }

    private Answer entries(Call call) throws Problem.Found {
        var saved = parts.value().saved();
        var all = known.get();
        var id = call.query("id");
        var wanted =
                id.isEmpty()
                        ? all
                        : all.stream().filter(peer -> peer.peerId().contains(id.get())).toList();
        return Answer.ok(PAGE.of(call, wanted, peer -> view(peer, saved)));
    }

    private JsonObject view(CachedPeer peer, Set<String> saved) {
        return new JsonObject()
                .put("peer", peer.peerId())
                .put("saved", saved.contains(peer.peerId()))
                .put("connected", pulse.isConnected(peer.peerId()))
                .put("addresses", new JsonArray(peer.addresses()))
                .put("lastSeen", seen(peer))
                .put("connections", peer.connectionCount())
                .put("successfulTransfers", peer.successfulTransfers())
                .put("failedTransfers", peer.failedTransfers())
                .put("bytes", peer.totalBytesTransferred())
                .put("latencyMillis", peer.averageLatencyMs() == 0 ? null : peer.averageLatencyMs())
                .put("bootstrap", peer.isBootstrap())
                .put("relayCapable", peer.supportsRelay())
                .put("reliability", Pulse.rate(peer.reliabilityScore()));
    }

    /// A file may name a year that no date has.
    private static String seen(CachedPeer peer) {
        return Instant.ofEpochSecond(Math.min(peer.lastSeen(), LAST_SECOND)).toString();
    }

    private Answer forget(Call call) throws Problem.Found {
        if (!history.forget(call.place("peerId"))) {
            throw new Problem.Found(Kind.NOT_FOUND, "The cache knows no such peer.");
        }
        known.changed();
        return save();
    }

    private Answer take(Call call) throws Problem.Found {
        var report = parts.transfer().take(call.body());
        known.changed();
        if (report.found() == 0 && report.fault().isPresent()) {
            throw new Problem.Found(
                    Kind.UNPROCESSABLE, "No entry could be read: " + report.fault().get() + ".");
        }
        return Answer.ok(
                new JsonObject()
                        .put("found", report.found())
                        .put("taken", report.taken())
                        .put("knownBefore", report.known())
                        .put("stale", report.stale())
                        .put("unproven", report.unproven())
                        .put("fault", report.fault().orElse(null)));
    }

    private Answer save() throws Problem.Found {
        var outcome = parts.keeper().saveNow();
        if (outcome.isEmpty()) {
            throw new Problem.Found(Kind.UNAVAILABLE, "The disk takes long; the save goes on.");
        }
        if (outcome.get() instanceof SaveOutcome.Failed(var _, var error)) {
            throw new Problem.Found(Kind.UNAVAILABLE, "The cache was not saved: " + error);
        }
        return Answer.ok(view(outcome.get()));
    }
}
