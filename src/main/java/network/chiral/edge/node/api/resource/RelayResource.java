// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.resource;

import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.protocol.relay.HeldSlot;
import network.chiral.edge.libp2p.protocol.relay.OpenCircuit;
import network.chiral.edge.node.api.Answer;
import network.chiral.edge.node.api.Call;
import network.chiral.edge.node.api.Page;
import network.chiral.edge.node.api.Problem;
import network.chiral.edge.node.api.Problem.Kind;
import network.chiral.edge.node.api.Resource;
import network.chiral.edge.node.api.Route;
import network.chiral.edge.node.api.events.RoundView;
import network.chiral.edge.node.health.NodeState;
import network.chiral.edge.node.roles.RoleKeeper;

/// The relay: whether it serves, who holds a slot, and which circuits stand.
@Singleton
class RelayResource implements Resource {
    private static final Page<HeldSlot> SLOTS =
            new Page<>(
                    slot -> slot.peer().toString(),
                    Map.of(
                            "expires", slot -> slot.expires().toEpochMilli(),
                            "id", _ -> 0),
                    "expires");

    private static final Page<OpenCircuit> CIRCUITS =
            new Page<>(
                    circuit -> Long.toString(circuit.number()),
                    Map.of(
                            "age", circuit -> -circuit.number(),
                            "bytes", circuit -> circuit.bytesForward() + circuit.bytesBackward()),
                    "-age");

    private final Host host;
    private final RoleKeeper roles;
    private final NodeState state;
    private final Clock clock;
    private final Recent<List<HeldSlot>> slots;
    private final Recent<List<OpenCircuit>> circuits;

    RelayResource(Host host, RoleKeeper roles, NodeState state, Clock clock) {
        this.host = host;
        this.roles = roles;
        this.state = state;
        this.clock = clock;
        this.slots = new Recent<>(() -> host.relay().reservations());
        this.circuits = new Recent<>(() -> host.relay().circuits());
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get(
                        "/reservations",
                        call -> Answer.ok(SLOTS.of(call, slots.get(), this::view))),
                Route.get(
                        "/circuits",
                        call -> Answer.ok(CIRCUITS.of(call, circuits.get(), RelayResource::view))),
                Route.get("/relay", _ -> Answer.ok(json())),
                Route.taking("PUT", "/relay", Route.SMALL, this::put));
    }

    private JsonObject view(HeldSlot slot) {
        var connection = host.connection(slot.peer());
        return new JsonObject()
                .put("peer", slot.peer().toString())
                .put("granted", slot.granted().toString())
                .put("expires", slot.expires().toString())
                .put(
                        "secondsLeft",
                        Math.max(0, Duration.between(clock.instant(), slot.expires()).toSeconds()))
                .put("address", connection.map(c -> c.remoteAddress().toString()).orElse(null));
    }

    private static JsonObject view(OpenCircuit circuit) {
        return new JsonObject()
                .put("number", circuit.number())
                .put("source", circuit.source().toString())
                .put("destination", circuit.destination().toString())
                .put("ageSeconds", circuit.age().toSeconds())
                .put("bytesForward", circuit.bytesForward())
                .put("bytesBackward", circuit.bytesBackward());
    }

    private JsonObject json() {
        var relay = host.relay();
        return new JsonObject()
                .put("on", host.isRelay())
                .put("byHand", roles.relayByHand().map(on -> on ? "on" : "off").orElse("auto"))
                .put("configured", RoundView.lower(host.settings().relayMode()))
                .put("reservations", relay.reservationCount())
                .put("reservationsLimit", relay.limits().reservations())
                .put("circuits", relay.circuitCount())
                .put("circuitsLimit", relay.limits().circuits());
    }

    private Answer put(Call call) throws Problem.Found {
        var wanted = String.valueOf(call.object().getValue("relay"));
        if (state.isDraining()) {
            throw new Problem.Found(Kind.CONFLICT, "The node drains and is no relay any more.");
        }
        roles.relay(
                switch (wanted) {
                    case "on" -> Optional.of(true);
                    case "off" -> Optional.of(false);
                    case "auto" -> Optional.empty();
                    default ->
                            throw new Problem.Found(
                                    Kind.UNPROCESSABLE, "relay has to be on, off or auto");
                });
        slots.changed();
        return Answer.ok(json());
    }
}
