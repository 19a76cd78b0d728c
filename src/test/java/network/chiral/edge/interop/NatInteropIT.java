// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.interop.NatNetwork.Place;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Peers behind two NATs that let in only what answers, and the node between them or in their place.
///
/// They learn from others where they are.
class NatInteropIT {
    @Order(1) // and therefore the last to go
    @RegisterExtension
    final NatNetwork network = new NatNetwork();

    @Order(2)
    @RegisterExtension
    final Processes processes = new Processes();

    @TempDir Path relayDir;

    @TempDir Path edgeDir;

    private final NatPeers peers = new NatPeers(processes, "ip4");

    // --- the node between two peers

    static Stream<Object[]> pairs() {
        var punching = List.of(PeerLanguage.GO, PeerLanguage.RUST);
        return punching.stream()
                .flatMap(one -> punching.stream().map(other -> new Object[] {one, other}));
    }

    @ParameterizedTest(name = "{0} dials {1}")
    @MethodSource("pairs")
    void peersBehindTwoNatsMeetAtTheNodeAndConnectDirectly(
            PeerLanguage dialling, PeerLanguage listening) {
        var relay = peers.relay(relayDir);
        var listener = peers.reserved(Place.B, listening, relay);
        var dialler = peers.at(Place.A, dialling, relay);

        dialler.call("connect", "addr", NatPeers.circuit(relay, listener.id()));

        peers.awaitDirect(dialler, Place.B, listener.id());
        peers.awaitDirect(listener, Place.A, dialler.id());
    }

    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST"})
    @Clause({"dcutr-4", "dcutr-5"})
    void theNodeBehindANatIsReachedDirectlyFromFarAway(PeerLanguage language) {
        network.delay(Duration.ofMillis(25));
        var relay = peers.relay(relayDir);
        var edge = peers.node(Place.A, edgeDir, NatPeers.edgeAt(relay));
        NatPeers.awaitReserved(edge);
        var peer = peers.at(Place.B, language, relay);

        peer.call("connect", "addr", NatPeers.circuit(relay, edge.peerId()));

        peers.awaitDirect(peer, Place.A, edge.peerId());
    }

    @Test
    void nobodyGetsThroughANatUninvited() {
        var relay = peers.relay(relayDir);
        var listener = peers.at(Place.B, PeerLanguage.GO, relay);
        var dialler = peers.peer(Place.A, PeerLanguage.GO);

        var refused =
                dialler.refused(
                        "connect",
                        "addr",
                        peers.address(Place.B, listener.id()),
                        "timeout_ms",
                        4000);

        assertThat(refused.get("error").asText()).contains("deadline exceeded");
        assertThat(dialler.call("connect", "addr", relay).get("peer").asText())
                .isEqualTo(NatPeers.id(relay));
    }

    // --- the node behind a NAT

    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST"})
    @Clause({"dcutr-2", "dcutr-3", "dcutr-5", "dcutr-7", "dcutr-12", "dcutr-13"})
    void theNodeBehindANatIsReachedDirectly(PeerLanguage language) {
        var relay = peers.relay(relayDir);
        var edge = peers.node(Place.A, edgeDir, NatPeers.edgeAt(relay));
        NatPeers.awaitReserved(edge);
        var peer = peers.at(Place.B, language, relay);

        peer.call("connect", "addr", NatPeers.circuit(relay, edge.peerId()));

        peers.awaitDirect(peer, Place.A, edge.peerId());
        NatPeers.awaitNoCircuit(peer, edge.peerId());
        assertThat(peer.call("ping", "peer", edge.peerId(), "count", 3).get("rttMs")).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST"})
    @Clause({"dcutr-3", "dcutr-5", "dcutr-7", "dcutr-12"})
    void theNodeBehindANatReachesAPeerDirectly(PeerLanguage language) {
        var relay = peers.relay(relayDir);
        var peer = peers.reserved(Place.B, language, relay);
        var settings = new HashMap<>(NatPeers.edgeAt(relay));
        settings.put("CHIRAL_BOOTSTRAP", NatPeers.circuit(relay, peer.id()));

        var edge = peers.node(Place.A, edgeDir, settings);

        peers.awaitDirect(peer, Place.A, edge.peerId());
    }

    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST"})
    @Clause("dcutr-1")
    void theNodeBehindANatDialsAPublicPeerThatCameThroughTheRelay(PeerLanguage language) {
        var relay = peers.relay(relayDir);
        var edge = peers.node(Place.A, edgeDir, NatPeers.edgeAt(relay));
        NatPeers.awaitReserved(edge);
        var peer = peers.at(Place.SERVER, language, relay);

        peer.call("connect", "addr", NatPeers.circuit(relay, edge.peerId()));

        peers.awaitDirect(peer, Place.A, edge.peerId());
        NatPeers.awaitNoCircuit(peer, edge.peerId());
        assertThat(edge.metricsFrom(Place.A.prefix()))
                .contains("libp2p_holepunch_direct_dials_total{outcome=\"success\"} 1.0")
                .doesNotContain("libp2p_holepunch_outcomes_total");
    }

    // --- where it is

    private PeerProcess autonatServer() {
        var command = new ArrayList<>(Place.SERVER.prefix());
        command.addAll(PeerLanguage.GO.command());
        return processes.peer(
                "go",
                PeerLanguage.GO.library(),
                command,
                "--autonat",
                "2",
                "--listen",
                peers.socket(Place.SERVER) + NatPeers.PORT);
    }

    private static Map<String, String> finding(PeerProcess server, String... more) {
        var settings =
                new HashMap<>(
                        Map.of(
                                "CHIRAL_ADDRESS_SCOPE", "lan",
                                "CHIRAL_AUTONAT_INTERVAL", "250ms",
                                "CHIRAL_BOOTSTRAP", server.address()));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    @Test
    @Clause("autonat-v2-nonce")
    void learnsThatItIsPublicAndStaysARelay() {
        var server = autonatServer();

        var node = peers.node(Place.RELAY, relayDir, finding(server));

        NatPeers.awaitLine(node, "Reachability: status=public");
        assertThat(node.stderr())
                .contains("Roles: roles=bootstrap,relay")
                .doesNotContain("roles=edge");
    }

    @Test
    void learnsThatItIsPrivateAndIsReachedThroughARelay() {
        var relay = peers.relay(relayDir);
        var server = autonatServer();

        var node = peers.node(Place.A, edgeDir, finding(server, "CHIRAL_EDGE_RELAYS", relay));

        NatPeers.awaitLine(node, "Roles: roles=bootstrap,relay");
        NatPeers.awaitLine(node, "Reachability: status=private");
        NatPeers.awaitLine(node, "Roles: roles=edge");
        NatPeers.awaitReserved(node);
        var peer = peers.at(Place.B, PeerLanguage.GO, relay);
        peer.call("connect", "addr", NatPeers.circuit(relay, node.peerId()));
        peers.awaitDirect(peer, Place.A, node.peerId());
    }
}
