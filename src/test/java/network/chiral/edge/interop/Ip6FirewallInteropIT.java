// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
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

/// IPv6 as homes have it: public addresses, no NAT, and routers that let in only what answers. Nobody
/// here has an address of IPv4 to meet by.
class Ip6FirewallInteropIT {
    @Order(1) // and therefore the last to go
    @RegisterExtension
    final NatNetwork network = new NatNetwork();

    @Order(2)
    @RegisterExtension
    final Processes processes = new Processes();

    @TempDir Path relayDir;

    @TempDir Path edgeDir;

    private final NatPeers peers = new NatPeers(processes, "ip6");

    static Stream<Object[]> pairs() {
        var punching = List.of(PeerLanguage.GO, PeerLanguage.RUST);
        return punching.stream()
                .flatMap(one -> punching.stream().map(other -> new Object[] {one, other}));
    }

    @ParameterizedTest(name = "{0} dials {1}")
    @MethodSource("pairs")
    void peersBehindTwoFirewallsMeetAtTheNodeAndConnectDirectly(
            PeerLanguage dialling, PeerLanguage listening) {
        var relay = peers.relay(relayDir);
        var listener = peers.reserved(Place.B, listening, relay);
        var dialler = peers.at(Place.A, dialling, relay);

        dialler.call("connect", "addr", NatPeers.circuit(relay, listener.id()));

        peers.awaitDirect(dialler, Place.B, listener.id());
        peers.awaitDirect(listener, Place.A, dialler.id());
    }

    @Test
    void nobodyGetsThroughAFirewallUninvited() {
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

    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST"})
    @Clause({"dcutr-2", "dcutr-3", "dcutr-5", "dcutr-7", "dcutr-12", "dcutr-13"})
    void theNodeBehindAFirewallIsReachedDirectly(PeerLanguage language) {
        var relay = peers.relay(relayDir);
        var edge = peers.node(Place.A, edgeDir, NatPeers.edgeAt(relay));
        NatPeers.awaitReserved(edge);
        var peer = peers.at(Place.B, language, relay);

        peer.call("connect", "addr", NatPeers.circuit(relay, edge.peerId()));

        peers.awaitDirect(peer, Place.A, edge.peerId());
        NatPeers.awaitNoCircuit(peer, edge.peerId());
        peer.call("ping", "peer", edge.peerId(), "count", 3);
    }

    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST"})
    @Clause({"dcutr-3", "dcutr-5", "dcutr-7", "dcutr-12"})
    void theNodeBehindAFirewallReachesAPeerDirectly(PeerLanguage language) {
        var relay = peers.relay(relayDir);
        var peer = peers.reserved(Place.B, language, relay);
        var settings = new HashMap<>(NatPeers.edgeAt(relay));
        settings.put("CHIRAL_BOOTSTRAP", NatPeers.circuit(relay, peer.id()));

        var edge = peers.node(Place.A, edgeDir, settings);

        peers.awaitDirect(peer, Place.A, edge.peerId());
    }
}
