// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.identify.PeerInfo;
import network.chiral.edge.libp2p.protocol.kad.KadListener;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.protocol.relay.Refusal;
import network.chiral.edge.libp2p.protocol.relay.RelayListener;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Joined;
import network.chiral.edge.libp2p.swarm.SwarmListener;
import network.chiral.edge.node.NodeSettings;
import network.chiral.edge.node.SettingValue;

/// Writes down what the host sees of its peers.
///
/// A transfer is a circuit relayed for the peer: one that carried payload is a success, one that the
/// other end refused, or that ended broken before any payload, is a failure. And it is an exchange in a
/// DHT that carried a record or providers, one way or the other.
@Singleton
public class HistoryRecorder implements SwarmListener, RelayListener, KadListener {
    private final PeerHistory history;
    private final Host host;
    private final NodeSettings settings;
    private final CachedPeerValue value;
    private final Clock clock;

    HistoryRecorder(
            PeerHistory history,
            Host host,
            NodeSettings settings,
            CachedPeerValue value,
            Clock clock) {
        this.history = history;
        this.value = value;
        this.host = host;
        this.settings = settings;
        this.clock = clock;
    }

    /// Begins to record.
    public void start() {
        settings.bootstrap()
                .forEach(a -> history.onBootstrapPeer(SettingValue.peerOf(a).toString()));
        host.keep(value);
        host.onSwarm(this);
        host.onRelay(this);
        host.dhts().forEach(dht -> dht.addListener(this));
        host.onIdentified(this::onIdentified);
    }

    @Override
    public void onConnected(Connection connection) {
        // the port that a peer came from is not the one it listens on
        var dialled =
                connection.direction() == Connection.Direction.OUTBOUND
                        ? List.of(connection.remoteAddress().toString())
                        : List.<String>of();
        history.onConnected(connection.remotePeer().toString(), dialled, clock.instant());
    }

    private void onIdentified(Connection connection, PeerInfo info) {
        var peer = connection.remotePeer().toString();
        var dialable =
                info.listenAddresses().stream()
                        .filter(Multiaddr::isPlainTcp)
                        .filter(settings.scope()::allows)
                        .map(Multiaddr::toString)
                        .toList();
        history.onIdentified(peer, dialable, info.speaks(HopService.HOP), clock.instant());
    }

    /// Notes that the connected peers are there at this moment, and how far away.
    void lookAround() {
        host.connections().forEach(this::sample);
    }

    @Override
    public void onDisconnected(Connection connection, boolean last, String reason) {
        sample(connection);
    }

    private void sample(Connection connection) {
        var peer = connection.remotePeer().toString();
        var roundTrip = connection.roundTrip();
        if (roundTrip.isPresent()) {
            history.onLatency(peer, roundTrip.get(), clock.instant());
        } else {
            history.onSeen(peer, clock.instant());
        }
    }

    @Override
    public void onCircuitRefused(PeerId source, PeerId destination, Refusal why) {
        if (why == Refusal.DESTINATION_FAILED) {
            record(source, destination, 0, false);
        }
    }

    @Override
    public void onCircuitClosed(PeerId source, PeerId destination, Joined joined, Duration lasted) {
        long bytes = joined.bytesForward() + joined.bytesBackward();
        boolean broken =
                joined.end() == Joined.End.FIRST_RESET || joined.end() == Joined.End.SECOND_RESET;
        if (bytes > 0 || broken) {
            record(source, destination, bytes, bytes > 0);
        }
    }

    @Override
    public void onExchange(PeerId peer, long payloadBytes) {
        history.onTransfer(peer.toString(), payloadBytes, true, clock.instant());
    }

    private void record(PeerId source, PeerId destination, long bytes, boolean succeeded) {
        var now = clock.instant();
        history.onTransfer(source.toString(), bytes, succeeded, now);
        history.onTransfer(destination.toString(), bytes, succeeded, now);
    }
}
