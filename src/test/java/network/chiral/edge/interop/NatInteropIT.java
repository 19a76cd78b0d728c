// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
/// All have the default scope of addresses, public ones, and learn from others where they are.
class NatInteropIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PORT = 4001;
    private static final String LISTEN = "/ip4/0.0.0.0/tcp/" + PORT;

    @Order(1) // and therefore the last to go
    @RegisterExtension
    final NatNetwork network = new NatNetwork();

    @Order(2)
    @RegisterExtension
    final Processes processes = new Processes();

    @TempDir Path relayDir;

    @TempDir Path edgeDir;

    private EdgeProcess node(Place place, Path dataDir, Map<String, String> more) {
        var settings =
                new HashMap<>(Map.of("CHIRAL_LISTEN", LISTEN, "CHIRAL_ADDRESS_SCOPE", "public"));
        settings.putAll(more);
        return processes.edge(place.prefix(), dataDir, settings);
    }

    /// A peer as its library ships it, that speaks DCUtR.
    private PeerProcess peer(Place place, PeerLanguage language) {
        var command = new ArrayList<>(place.prefix());
        command.addAll(language.command());
        return processes.peer(
                language.toString(),
                language.library(),
                command,
                language == PeerLanguage.GO ? "--natted" : "--holepunch",
                "--listen",
                LISTEN);
    }

    /// Where the public segment sees it.
    private static String address(Place place, String peer) {
        return "/ip4/" + place.ip() + "/tcp/" + PORT + "/p2p/" + peer;
    }

    private String relay() {
        return address(Place.RELAY, node(Place.RELAY, relayDir, Map.of()).peerId());
    }

    private static Map<String, String> edgeAt(String relay) {
        return Map.of(
                "CHIRAL_ROLES", "edge",
                "CHIRAL_EDGE_RESERVATIONS", "1",
                "CHIRAL_EDGE_RELAYS", relay);
    }

    /// As soon as the relay has told it where it is.
    private static void meet(PeerProcess peer, PeerLanguage language, String relay) {
        peer.call("connect", "addr", relay);
        peer.call("identify", "peer", id(relay));
        if (language == PeerLanguage.GO) {
            peer.call("punches");
        }
    }

    private static String id(String address) {
        return address.substring(address.lastIndexOf('/') + 1);
    }

    private static void awaitReserved(EdgeProcess edge) {
        awaitLine(edge, "Reachable through a relay");
    }

    private static void awaitLine(EdgeProcess edge, String text) {
        edge.process()
                .await(
                        ChildProcess.Source.ERR,
                        line -> line.contains(text) ? Optional.of(line) : Optional.empty(),
                        text,
                        PATIENCE);
    }

    /// The connection that leads from `peer` to the one at `place` without a relay.
    private static void awaitDirect(PeerProcess peer, Place place, String other) {
        peer.awaitEvent(
                "connected",
                event ->
                        event.path("peer").asText().equals(other)
                                && event.path("addr")
                                        .asText()
                                        .startsWith("/ip4/" + place.ip() + "/tcp/")
                                && !event.path("addr").asText().contains("p2p-circuit"),
                PATIENCE);
        // a rust peer's stream may still go to the circuit, which it closes about now
        var ping =
                Patience.until(
                        PATIENCE,
                        () -> peer.send("ping", "peer", other, "count", 3).await(),
                        answer -> answer.path("ok").asBoolean());
        assertThat(ping.get("rttMs")).hasSize(3);
    }

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
        var relay = relay();
        var listener = peer(Place.B, listening);
        meet(listener, listening, relay);
        listener.call("reserve", "addr", relay);
        var dialler = peer(Place.A, dialling);
        meet(dialler, dialling, relay);

        dialler.call("connect", "addr", relay + "/p2p-circuit/p2p/" + listener.id());

        awaitDirect(dialler, Place.B, listener.id());
        awaitDirect(listener, Place.A, dialler.id());
    }

    @Test
    void nobodyGetsThroughANatUninvited() {
        var relay = relay();
        var listener = peer(Place.B, PeerLanguage.GO);
        meet(listener, PeerLanguage.GO, relay);
        var dialler = peer(Place.A, PeerLanguage.GO);

        var refused =
                dialler.refused(
                        "connect", "addr", address(Place.B, listener.id()), "timeout_ms", 4000);

        assertThat(refused.get("error").asText()).contains("deadline exceeded");
        assertThat(dialler.call("connect", "addr", relay).get("peer").asText())
                .isEqualTo(id(relay));
    }

    // --- the node behind a NAT

    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST"})
    @Clause({"dcutr-2", "dcutr-3", "dcutr-5", "dcutr-7", "dcutr-12", "dcutr-13"})
    void theNodeBehindANatIsReachedDirectly(PeerLanguage language) {
        var relay = relay();
        var edge = node(Place.A, edgeDir, edgeAt(relay));
        awaitReserved(edge);
        var peer = peer(Place.B, language);
        meet(peer, language, relay);

        peer.call("connect", "addr", relay + "/p2p-circuit/p2p/" + edge.peerId());

        awaitDirect(peer, Place.A, edge.peerId());
        peer.awaitEvent(
                "connection-closed",
                event ->
                        event.path("peer").asText().equals(edge.peerId())
                                && event.path("addr").asText().contains("p2p-circuit"),
                PATIENCE);
        assertThat(peer.call("ping", "peer", edge.peerId(), "count", 3).get("rttMs")).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST"})
    @Clause({"dcutr-3", "dcutr-5", "dcutr-7", "dcutr-12"})
    void theNodeBehindANatReachesAPeerDirectly(PeerLanguage language) {
        var relay = relay();
        var peer = peer(Place.B, language);
        meet(peer, language, relay);
        peer.call("reserve", "addr", relay);
        var settings = new HashMap<>(edgeAt(relay));
        settings.put("CHIRAL_BOOTSTRAP", relay + "/p2p-circuit/p2p/" + peer.id());

        var edge = node(Place.A, edgeDir, settings);

        awaitDirect(peer, Place.A, edge.peerId());
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
                "/ip4/" + Place.SERVER.ip() + "/tcp/" + PORT);
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

        var node = node(Place.RELAY, relayDir, finding(server));

        awaitLine(node, "Reachability: status=public");
        assertThat(node.stderr())
                .contains("Roles: roles=bootstrap,relay")
                .doesNotContain("roles=edge");
    }

    @Test
    void learnsThatItIsPrivateAndIsReachedThroughARelay() {
        var relay = relay();
        var server = autonatServer();

        var node = node(Place.A, edgeDir, finding(server, "CHIRAL_EDGE_RELAYS", relay));

        awaitLine(node, "Roles: roles=bootstrap,relay");
        awaitLine(node, "Reachability: status=private");
        awaitLine(node, "Roles: roles=edge");
        awaitReserved(node);
        var peer = peer(Place.B, PeerLanguage.GO);
        meet(peer, PeerLanguage.GO, relay);
        peer.call("connect", "addr", relay + "/p2p-circuit/p2p/" + node.peerId());
        awaitDirect(peer, Place.A, node.peerId());
    }
}
