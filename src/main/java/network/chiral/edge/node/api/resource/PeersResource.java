// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.resource;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.protocol.identify.PeerInfo;
import network.chiral.edge.libp2p.protocol.relay.HeldSlot;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.node.api.Answer;
import network.chiral.edge.node.api.Call;
import network.chiral.edge.node.api.Page;
import network.chiral.edge.node.api.Problem;
import network.chiral.edge.node.api.Resource;
import network.chiral.edge.node.api.Route;
import network.chiral.edge.node.api.events.RoundView;
import org.jspecify.annotations.Nullable;

/// Who is connected.
@Singleton
class PeersResource implements Resource {
    private static final double UNKNOWN = Double.MAX_VALUE; // behind all that are known

    /// Of what a peer says of itself, so much is shown; it may say some thousand bytes.
    private static final int MAX_SHOWN = 32;

    private record Peer(String id, PeerId peer, List<Connection> connections) {
        double latency() {
            return connections
                    .getFirst()
                    .roundTrip()
                    .map(Duration::toNanos)
                    .map(Long::doubleValue)
                    .orElse(UNKNOWN);
        }

        double age() {
            return connections.getFirst().age().toNanos();
        }
    }

    private static final Page<Peer> PAGE =
            new Page<>(
                    Peer::id,
                    Map.of("id", _ -> 0, "latency", Peer::latency, "age", Peer::age),
                    "id");

    private final Host host;
    private final Recent<List<Peer>> peers = new Recent<>(this::look);
    private final Recent<Map<PeerId, HeldSlot>> slots;

    PeersResource(Host host) {
        this.host = host;
        this.slots =
                new Recent<>(() -> {
                    var held = new HashMap<PeerId, HeldSlot>();
                    host.relay().reservations().forEach(slot -> held.put(slot.peer(), slot));
                    return held;
                });
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/peers", this::list), Route.get("/peers/{peerId}", this::one));
    }

    private List<Peer> look() {
        var byPeer = new HashMap<PeerId, List<Connection>>();
        for (var connection : host.connections()) {
            byPeer.computeIfAbsent(connection.remotePeer(), _ -> new ArrayList<>(1))
                    .add(connection);
        }
        return byPeer.entrySet().stream()
                .map(entry -> new Peer(entry.getKey().toString(), entry.getKey(), entry.getValue()))
                .toList();
    }

    private Answer list(Call call) throws Problem.Found {
        return Answer.ok(PAGE.of(call, peers.get(), this::view));
    }

    private Answer one(Call call) throws Problem.Found {
        var id = call.place("peerId");
        return peers.get().stream()
                .filter(peer -> peer.id().equals(id))
                .findFirst()
                .map(peer -> Answer.ok(view(peer)))
                .orElseThrow(() ->
                        new Problem.Found(Problem.Kind.NOT_FOUND, "No such peer is connected."));
    }

    private JsonObject view(Peer peer) {
        var info = host.info(peer.peer());
        var connections = new JsonArray();
        peer.connections().forEach(connection -> connections.add(view(connection)));
        return new JsonObject()
                .put("id", peer.id())
                .put("agent", info.map(PeerInfo::agentVersion).orElse(null))
                .put("protocolVersion", info.map(PeerInfo::protocolVersion).orElse(null))
                .put("relayCapable", info.map(i -> i.speaks(HopService.HOP)).orElse(false))
                .put(
                        "reservationExpires",
                        Optional.ofNullable(slots.get().get(peer.peer()))
                                .map(slot -> slot.expires().toString())
                                .orElse(null))
                .put("latencyMillis", millis(peer.connections().getFirst().roundTrip()))
                .put("connections", connections)
                .put(
                        "addresses",
                        shown(
                                info.map(PeerInfo::listenAddresses).orElse(List.of()),
                                Multiaddr::toString))
                .put(
                        "protocols",
                        shown(info.map(PeerInfo::protocols).orElse(List.of()), ProtocolId::name));
    }

    private static JsonObject view(Connection connection) {
        return new JsonObject()
                .put("address", connection.remoteAddress().toString())
                .put("direction", RoundView.lower(connection.direction()))
                .put("transport", connection.isRelayed() ? "circuit" : "tcp")
                .put("ageSeconds", connection.age().toSeconds())
                .put("idle", !connection.isBusy())
                .put("latencyMillis", millis(connection.roundTrip()));
    }

    private static <T> JsonArray shown(List<T> values, Function<T, String> text) {
        var array = new JsonArray();
        values.stream().limit(MAX_SHOWN).map(text).forEach(array::add);
        return array;
    }

    /// With a tenth's precision, because most peers in a datacentre are nearer than one.
    static @Nullable Double millis(Optional<Duration> duration) {
        return duration.map(d -> Math.round(d.toNanos() / 1e5) / 10.0).orElse(null);
    }
}
