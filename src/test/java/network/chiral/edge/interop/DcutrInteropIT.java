// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import network.chiral.edge.conformance.Clause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The node and go peers meet through a relay on loopback, and connect directly.
///
/// Both say in identify that they listen where nothing does, so that only DCUtR tells the truth: where
/// the relay sees the node, which is its listen port, because it dials from there.
class DcutrInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LOOPBACK = "/ip4/127.0.0.1/tcp/0";
    private static final String NOWHERE = "/ip4/127.0.0.1/tcp/1";

    @RegisterExtension static final Processes PROCESSES = new Processes();

    @TempDir Path dataDir;

    private final PeerProcess relay =
            PROCESSES.peer(PeerLanguage.GO, "--relay", "--listen", LOOPBACK);

    private EdgeProcess edge(Map<String, String> more) {
        var settings =
                new HashMap<>(
                        Map.of(
                                "CHIRAL_ROLES",
                                "edge",
                                "CHIRAL_ANNOUNCE",
                                NOWHERE,
                                "CHIRAL_EDGE_RESERVATIONS",
                                "1",
                                "CHIRAL_EDGE_RELAYS",
                                relay.address()));
        settings.putAll(more);
        return PROCESSES.edge(dataDir, settings);
    }

    private static PeerProcess peer() {
        return PROCESSES.peer(
                PeerLanguage.GO, "--holepunch", "--listen", LOOPBACK, "--announce", NOWHERE);
    }

    private static void awaitDirect(PeerProcess peer, String other) {
        var connected =
                peer.awaitEvent(
                        "connected",
                        event ->
                                event.path("peer").asText().equals(other)
                                        && !event.path("addr").asText().contains("p2p-circuit"),
                        PATIENCE);
        assertThat(connected.get("limited").asBoolean()).isFalse();
    }

    private void awaitReserved(EdgeProcess edge) {
        Patience.until(
                PATIENCE,
                () -> String.valueOf(edge.warmth("announced")),
                announced -> announced.contains(relay.id() + "/p2p-circuit"));
    }

    @Test
    @Clause({"dcutr-2", "dcutr-3", "dcutr-12"})
    void connectsDirectlyToWhoCameThroughTheRelay() {
        var edge = edge(Map.of());
        awaitReserved(edge);
        var peer = peer();
        peer.call("connect", "addr", relay.address());
        peer.call("identify", "peer", relay.id());

        peer.call("connect", "addr", relay.address() + "/p2p-circuit/p2p/" + edge.peerId());

        awaitDirect(peer, edge.peerId());
        assertThat(peer.call("ping", "peer", edge.peerId(), "count", 1).get("rttMs")).hasSize(1);
        Patience.until(
                PATIENCE,
                () -> edge.metric("libp2p_holepunch_outcomes_total"),
                finished -> finished >= 1);
    }

    @Test
    @Clause({"dcutr-3", "dcutr-12"})
    void connectsDirectlyToWhomItReachedThroughTheRelay() {
        var peer = peer();
        peer.call("connect", "addr", relay.address());
        peer.call("identify", "peer", relay.id());
        peer.call("reserve", "addr", relay.address());

        var edge =
                edge(Map.of("CHIRAL_BOOTSTRAP", relay.address() + "/p2p-circuit/p2p/" + peer.id()));

        awaitDirect(peer, edge.peerId());
        assertThat(peer.call("ping", "peer", edge.peerId(), "count", 1).get("rttMs")).hasSize(1);
    }
}
