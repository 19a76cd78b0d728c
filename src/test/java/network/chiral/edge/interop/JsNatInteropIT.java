// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import network.chiral.edge.interop.NatNetwork.Place;
import network.chiral.edge.interop.NatNetwork.Router;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// js-libp2p behind a NAT. It cannot dial from the port that it listens on, so nobody can punch a hole to
/// it; but it dials whoever is public, or lets it in.
class JsNatInteropIT {
    @Order(1) // and therefore the last to go
    @RegisterExtension
    final NatNetwork network = new NatNetwork();

    @Order(2)
    @RegisterExtension
    final Processes processes = new Processes();

    @TempDir Path relayDir;

    @TempDir Path edgeDir;

    private final NatPeers peers = new NatPeers(processes, "ip4");

    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST"})
    void dialsAPublicPeerThatReachedItThroughTheNode(PeerLanguage language) {
        var relay = peers.relay(relayDir);
        var js = peers.reserved(Place.A, PeerLanguage.JS, relay);
        var peer = peers.at(Place.SERVER, language, relay);

        peer.call("connect", "addr", NatPeers.circuit(relay, js.id()));

        peers.awaitDirect(js, Place.SERVER, peer.id());
        peers.awaitDirect(peer, Place.A, js.id());
        NatPeers.awaitNoCircuit(peer, js.id());
        peer.call("ping", "peer", js.id(), "count", 3);
    }

    @Test
    void dialsAPublicNodeThatReachedItThroughAnother() {
        var relay = peers.relay(relayDir);
        var js = peers.reserved(Place.A, PeerLanguage.JS, relay);
        var settings = new HashMap<>(NatPeers.edgeAt(relay));
        settings.put("CHIRAL_BOOTSTRAP", NatPeers.circuit(relay, js.id()));

        var edge = peers.node(Place.SERVER, edgeDir, settings);

        peers.awaitDirect(js, Place.SERVER, edge.peerId());
    }

    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST"})
    void staysOnTheCircuitWithAPeerBehindANat(PeerLanguage language) {
        var relay = peers.relay(relayDir);
        var peer = peers.reserved(Place.B, language, relay);
        var js = peers.at(Place.A, PeerLanguage.JS, relay);

        js.call("connect", "addr", NatPeers.circuit(relay, peer.id()));

        NatPeers.awaitGivenUp(peer, language, js.id());
        NatPeers.assertOnTheCircuitAlone(js, peer.id());
        NatPeers.assertOnTheCircuitAlone(peer, js.id());
    }

    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST"})
    void isDialledThroughTheNodeFromBehindANatAndStaysOnTheCircuit(PeerLanguage language) {
        var relay = peers.relay(relayDir);
        var js = peers.reserved(Place.B, PeerLanguage.JS, relay);
        var peer = peers.at(Place.A, language, relay);

        peer.call("connect", "addr", NatPeers.circuit(relay, js.id()));

        NatPeers.awaitGivenUp(js, PeerLanguage.JS, peer.id());
        NatPeers.assertOnTheCircuitAlone(js, peer.id());
        NatPeers.assertOnTheCircuitAlone(peer, js.id());
    }

    @Test
    void staysOnTheCircuitWithTheNodeBehindANat() {
        var relay = peers.relay(relayDir);
        var edge = peers.node(Place.B, edgeDir, NatPeers.edgeAt(relay));
        NatPeers.awaitReserved(edge);
        var js = peers.at(Place.A, PeerLanguage.JS, relay);

        js.call("connect", "addr", NatPeers.circuit(relay, edge.peerId()));

        var metrics =
                Patience.until(
                        Duration.ofSeconds(60),
                        () -> edge.metricsFrom(Place.B.prefix()),
                        text -> text.contains("libp2p_holepunch_outcomes_total"));
        assertThat(metrics).contains("outcome=\"no_suitable_address\",side=\"initiator\"");
        NatPeers.assertOnTheCircuitAlone(js, edge.peerId());
    }

    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST"})
    void getsThroughANatThatLetsEverybodyInAtThePort(PeerLanguage language) {
        network.router(Place.B, Router.OPEN);
        var relay = peers.relay(relayDir);
        var peer = peers.reserved(Place.B, language, relay);
        var js = peers.at(Place.A, PeerLanguage.JS, relay);

        js.call("connect", "addr", NatPeers.circuit(relay, peer.id()));

        peers.awaitDirect(js, Place.B, peer.id());
        peers.awaitDirect(peer, Place.A, js.id());
    }
}
