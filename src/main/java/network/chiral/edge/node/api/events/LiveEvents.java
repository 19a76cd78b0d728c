// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.events;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.relay.Refusal;
import network.chiral.edge.libp2p.protocol.relay.RelayListener;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.HandshakeFailure;
import network.chiral.edge.libp2p.swarm.Joined;
import network.chiral.edge.libp2p.swarm.StreamRefusal;
import network.chiral.edge.libp2p.swarm.SwarmListener;
import network.chiral.edge.libp2p.swarm.Threads;
import network.chiral.edge.node.api.access.AdminAccess;
import network.chiral.edge.node.reconnect.ReconnectRounds;

/// Makes events of what the host tells, while somebody listens.
@Singleton
public class LiveEvents implements RelayListener, SwarmListener {
    private final Host host;
    private final ReconnectRounds rounds;
    private final AdminAccess access;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final EventHub hub;

    LiveEvents(
            Host host,
            ReconnectRounds rounds,
            AdminAccess access,
            Pulse pulse,
            MeterRegistry metrics,
            Clock clock) {
        this.host = host;
        this.rounds = rounds;
        this.access = access;
        this.clock = clock;
        this.metrics = metrics;
        this.hub = new EventHub(Threads.VIRTUAL, () -> pulse.json(pulse.now()));
    }

    /// Begins to hear the host.
    public void start() {
        host.onRelay(this);
        host.onSwarm(this);
        rounds.onProgress(round -> hub.publish("reconnect", () -> RoundView.json(round)));
        access.onTokens(hub::endAll);
        metrics.gauge("chiral.admin.listeners", hub, EventHub::listeners);
    }

    /// Ends all who listen.
    public void stop() {
        hub.stop();
    }

    /// The topics there are.
    public static Set<String> topics() {
        return EventHub.TOPICS;
    }

    /// Tells `listener` of `topics` from now on; false where too many listen already.
    public boolean join(Listener listener, Set<String> topics) {
        return hub.join(listener, topics);
    }

    /// `listener` is gone.
    public void leave(Listener listener) {
        hub.leave(listener);
    }

    private JsonObject event() {
        return new JsonObject().put("at", clock.instant().toString());
    }

    // --- slots and circuits

    @Override
    public void onReserved(PeerId peer, boolean renewal) {
        reservation(renewal ? "renewed" : "granted", peer);
    }

    @Override
    public void onReservationReleased(PeerId peer) {
        reservation("released", peer);
    }

    private void reservation(String change, PeerId peer) {
        hub.publish(
                "reservation", () -> event().put("change", change).put("peer", peer.toString()));
    }

    @Override
    public void onCircuitOpened(PeerId source, PeerId destination) {
        hub.publish("circuit", () -> circuit("opened", source, destination));
    }

    @Override
    public void onCircuitClosed(PeerId source, PeerId destination, Joined joined, Duration lasted) {
        hub.publish(
                "circuit",
                () ->
                        circuit("closed", source, destination)
                                .put("bytesForward", joined.bytesForward())
                                .put("bytesBackward", joined.bytesBackward())
                                .put("lastedMillis", lasted.toMillis())
                                .put("end", joined.end().name().toLowerCase(Locale.ROOT)));
    }

    private JsonObject circuit(String change, PeerId source, PeerId destination) {
        return event().put("change", change)
                .put("source", source.toString())
                .put("destination", destination.toString());
    }

    // --- refusals

    @Override
    public void onReservationRefused(PeerId peer, Refusal why) {
        refusal("reservation", why.label(), Optional.of(peer));
    }

    @Override
    public void onCircuitRefused(PeerId source, PeerId destination, Refusal why) {
        refusal("circuit", why.label(), Optional.of(source));
    }

    @Override
    public void onBadRequest(PeerId peer, Refusal why) {
        refusal("unreadable", why.label(), Optional.of(peer));
    }

    @Override
    public void onHandshakeFailed(Connection.Direction direction, HandshakeFailure failure) {
        if (failure.isLimit()) {
            refusal("connection", failure.label(), Optional.empty());
        }
    }

    @Override
    public void onStreamRefused(Connection connection, StreamRefusal why) {
        refusal("stream", why.label(), Optional.of(connection.remotePeer()));
    }

    private void refusal(String request, String reason, Optional<PeerId> peer) {
        hub.publish(
                "refusal",
                () ->
                        event().put("request", request)
                                .put("reason", reason)
                                .put("peer", peer.map(PeerId::toString).orElse(null)));
    }

    // --- peers

    @Override
    public void onConnected(Connection connection) {
        peer("connected", connection);
    }

    @Override
    public void onDisconnected(Connection connection, boolean last, String reason) {
        peer(last ? "gone" : "disconnected", connection);
    }

    private void peer(String change, Connection connection) {
        hub.publish(
                "peer",
                () ->
                        event().put("change", change)
                                .put("peer", connection.remotePeer().toString())
                                .put("direction", RoundView.lower(connection.direction())));
    }
}
