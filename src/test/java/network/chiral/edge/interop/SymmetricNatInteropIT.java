// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.interop.NatNetwork.Place;
import network.chiral.edge.interop.NatNetwork.Router;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A NAT that takes another port for each connection: what the relay sees is of no use to anybody else,
/// so no hole can be punched by TCP, and the circuit is all there is.
class SymmetricNatInteropIT {
    @Order(1) // and therefore the last to go
    @RegisterExtension
    final NatNetwork network = new NatNetwork();

    @Order(2)
    @RegisterExtension
    final Processes processes = new Processes();

    @TempDir Path relayDir;

    @TempDir Path edgeDir;

    private final NatPeers peers = new NatPeers(processes, "ip4");

    @ParameterizedTest(name = "{0} dials {1}, {2}")
    @CsvSource({"GO, RUST, of the listener", "RUST, GO, of the dialler", "GO, GO, of both"})
    void peersStayOnTheCircuit(PeerLanguage dialling, PeerLanguage listening, String whose) {
        if (!whose.equals("of the listener")) {
            network.router(Place.A, Router.SYMMETRIC);
        }
        if (!whose.equals("of the dialler")) {
            network.router(Place.B, Router.SYMMETRIC);
        }
        var relay = peers.relay(relayDir);
        var listener = peers.reserved(Place.B, listening, relay);
        var dialler = peers.at(Place.A, dialling, relay);

        dialler.call("connect", "addr", NatPeers.circuit(relay, listener.id()));

        NatPeers.awaitGivenUp(listener, listening, dialler.id());
        NatPeers.assertOnTheCircuitAlone(dialler, listener.id());
        NatPeers.assertOnTheCircuitAlone(listener, dialler.id());
    }

    @ParameterizedTest
    @CsvSource({"A", "B"})
    @Clause({"dcutr-10", "dcutr-16"})
    void theNodeGivesUpAfterThreeAttemptsAndIsReachedByTheCircuit(Place symmetric) {
        network.router(symmetric, Router.SYMMETRIC);
        var relay = peers.relay(relayDir);
        var edge = peers.node(Place.A, edgeDir, NatPeers.edgeAt(relay));
        NatPeers.awaitReserved(edge);
        var peer = peers.at(Place.B, PeerLanguage.GO, relay);

        peer.call("connect", "addr", NatPeers.circuit(relay, edge.peerId()));

        awaitOutcome(edge, "num_attempts=\"3\",outcome=\"failed\",side=\"initiator\"");
        NatPeers.assertOnTheCircuitAlone(peer, edge.peerId());
    }

    @Test
    @Clause("dcutr-16")
    void theNodeThatDialledStaysOnTheCircuit() {
        network.router(Place.A, Router.SYMMETRIC);
        network.router(Place.B, Router.SYMMETRIC);
        var relay = peers.relay(relayDir);
        var peer = peers.reserved(Place.B, PeerLanguage.RUST, relay);
        var settings = new HashMap<>(NatPeers.edgeAt(relay));
        settings.put("CHIRAL_BOOTSTRAP", NatPeers.circuit(relay, peer.id()));

        var edge = peers.node(Place.A, edgeDir, settings);

        NatPeers.awaitGivenUp(peer, PeerLanguage.RUST, edge.peerId());
        awaitOutcome(edge, "num_attempts=\"1\",outcome=\"failed\",side=\"receiver\"");
        NatPeers.assertOnTheCircuitAlone(peer, edge.peerId());
    }

    private static void awaitOutcome(EdgeProcess edge, String labels) {
        var metrics =
                Patience.until(
                        Duration.ofSeconds(60),
                        () -> edge.metricsFrom(Place.A.prefix()),
                        text -> text.contains("libp2p_holepunch_outcomes_total{" + labels + "}"));
        assertThat(metrics).doesNotContain("outcome=\"success\",side");
    }
}
