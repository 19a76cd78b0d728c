// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.resource;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import network.chiral.edge.libp2p.crypto.Selection;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.autonat.ReachabilityDetails;
import network.chiral.edge.libp2p.protocol.kad.Dht;
import network.chiral.edge.node.NodeSettings;
import network.chiral.edge.node.SettingValue;
import network.chiral.edge.node.api.Answer;
import network.chiral.edge.node.api.Call;
import network.chiral.edge.node.api.Resource;
import network.chiral.edge.node.api.Route;
import network.chiral.edge.node.api.events.Pulse;
import network.chiral.edge.node.api.events.RoundView;
import network.chiral.edge.node.health.WarmthData;
import network.chiral.edge.node.roles.RoleKeeper;
import org.eclipse.microprofile.config.ConfigProvider;

/// What the node is and how it is.
@Singleton
class StatusResource implements Resource {
    private final Host host;
    private final NodeSettings settings;
    private final RoleKeeper roles;
    private final WarmthData warmth;
    private final Pulse pulse;
    private final Selection crypto;
    private final Clock clock;
    private final Instant started;

    StatusResource(
            Host host,
            NodeSettings settings,
            RoleKeeper roles,
            WarmthData warmth,
            Pulse pulse,
            Selection crypto,
            Clock clock) {
        this.host = host;
        this.settings = settings;
        this.roles = roles;
        this.warmth = warmth;
        this.pulse = pulse;
        this.crypto = crypto;
        this.clock = clock;
        this.started = clock.instant();
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/status", this::status));
    }

    private Answer status(Call call) {
        var own = host.peerId().bytes();
        var usage = host.usage();
        return Answer.ok(
                new JsonObject()
                        .put("version", version())
                        .put("agentVersion", host.settings().agentVersion())
                        .put("protocolVersion", host.settings().protocolVersion())
                        .put("peerId", host.peerId().toString())
                        .put("startedAt", started.toString())
                        .put(
                                "uptimeSeconds",
                                Duration.between(started, clock.instant()).toSeconds())
                        .put(
                                "roles",
                                texts(roles.roles().stream().sorted().toList(), RoundView::lower))
                        .put("now", pulse.json(pulse.now()))
                        .put("warmth", new JsonObject(warmth.values()))
                        .put(
                                "addresses",
                                new JsonObject()
                                        .put("scope", RoundView.lower(settings.scope()))
                                        .put(
                                                "announced",
                                                texts(
                                                        host.announced(),
                                                        a -> a.withPeer(own).toString()))
                                        .put(
                                                "listening",
                                                texts(host.listening(), Multiaddr::toString)))
                        .put("reachability", reachability(host.reachability()))
                        .put(
                                "usage",
                                new JsonObject()
                                        .put("inbound", usage.inbound())
                                        .put("outbound", usage.outbound())
                                        .put("handshakes", usage.handshakes())
                                        .put("streams", usage.streams())
                                        .put("bufferedBytes", usage.bufferedBytes())
                                        .put("eventLoopLagMillis", host.eventLoopLag().toMillis())
                                        .put("mdnsPeers", host.mdnsPeers()))
                        .put("limits", limits())
                        .put("bootstrap", texts(settings.bootstrap(), this::bootstrap))
                        .put("dht", texts(host.dhts(), StatusResource::dht))
                        .put("transport", host.transportName())
                        .put("crypto", crypto.provider().name()));
    }

    private static String version() {
        return ConfigProvider.getConfig()
                .getOptionalValue("quarkus.application.version", String.class)
                .orElse("unknown");
    }

    private JsonObject limits() {
        var relay = host.relay().limits();
        return new JsonObject()
                .put("connections", host.settings().connections().connections())
                .put("reservations", relay.reservations())
                .put("reservationSeconds", relay.reservationLifetime().toSeconds())
                .put("circuits", relay.circuits())
                .put("circuitsPerPeer", relay.circuitsPerPeer())
                .put("circuitBytesEachWay", relay.allowance().bytesEachWay())
                .put("circuitSeconds", relay.allowance().duration().toSeconds());
    }

    private static JsonObject reachability(ReachabilityDetails details) {
        return new JsonObject()
                .put("status", details.overall().label())
                .put("confidence", details.confidence())
                .put("since", details.since().toString())
                .put("why", details.why())
                .put(
                        "addresses",
                        texts(
                                details.addresses(),
                                one ->
                                        new JsonObject()
                                                .put("address", one.address().toString())
                                                .put("status", one.reachability().label())
                                                .put("confidence", one.confidence())
                                                .put("why", one.why())))
                .put("recent", new JsonArray(details.recent()));
    }

    private JsonObject bootstrap(Multiaddr address) {
        var peer = SettingValue.peerOf(address);
        return new JsonObject()
                .put("address", address.toString())
                .put("peer", peer.toString())
                .put("connected", host.connection(peer).isPresent());
    }

    private static JsonObject dht(Dht dht) {
        return new JsonObject()
                .put("protocol", dht.protocol().name())
                .put("serving", dht.isServing())
                .put("tableSize", dht.tableSize())
                .put("records", dht.records())
                .put("recordBytes", dht.recordBytes())
                .put("providers", dht.providers());
    }

    private static <T> JsonArray texts(List<T> values, Function<T, Object> text) {
        var array = new JsonArray();
        values.forEach(value -> array.add(text.apply(value)));
        return array;
    }
}
