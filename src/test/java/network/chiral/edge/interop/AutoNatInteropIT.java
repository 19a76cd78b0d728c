// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import network.chiral.edge.conformance.Clause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Others ask the node whether they can be reached, and the node asks others.
class AutoNatInteropIT {
    private static final String HERE = "/ip4/127.0.0.1/tcp/0";

    /// A server of version 1 tells a failure only after 15 s.
    private static final Duration VERDICT = Duration.ofSeconds(60);

    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension final Processes processes = new Processes();

    @TempDir Path dataDir;

    private EdgeProcess server() {
        return processes.edge(dataDir, Map.of("CHIRAL_AUTONAT_CLIENT", "false"));
    }

    private PeerProcess go(EdgeProcess edge) {
        var peer = processes.peer(PeerLanguage.GO, "--listen", HERE, "--autonat", "2");
        peer.call("connect", "addr", edge.address());
        return peer;
    }

    private static String bare(PeerProcess peer) {
        return peer.address().substring(0, peer.address().indexOf("/p2p/"));
    }

    // --- the node serves

    @Test
    @Clause({"A4", "A8", "autonat-v2-ok"})
    void goHearsThatItIsReachable() {
        var edge = server();
        var peer = go(edge);

        var result = peer.call("autonat2", "peer", edge.peerId());

        assertThat(result.get("reachability").asText()).isEqualTo("Public");
        assertThat(result.get("addr").asText()).isEqualTo(bare(peer));
        assertThat(edge.metric("libp2p_autonatv2_requests_completed_total")).isEqualTo(1);
    }

    @Test
    @Clause({"A5", "autonat-v2-dial-data"})
    void goPaysForADialToAnotherIp() {
        var edge = server();
        var peer = go(edge);
        var elsewhere = "/ip4/127.0.0.2/tcp/1";

        var result = peer.call("autonat2", "peer", edge.peerId(), "addrs", List.of(elsewhere));

        assertThat(result.get("reachability").asText()).isEqualTo("Private");
        assertThat(edge.get("/q/metrics").asString())
                .containsPattern(
                        "libp2p_autonatv2_requests_completed_total\\{[^}]*dial_data_required=\"true\"");
        var refused =
                peer.refused(
                        "autonat2",
                        "peer",
                        edge.peerId(),
                        "addrs",
                        List.of(elsewhere),
                        "keep",
                        true);
        assertThat(refused.get("error").asText()).contains("low priority addr");
    }

    @Test
    void goHearsThatNothingItNamesIsDialled() {
        var edge = server();
        var peer = go(edge);

        var result =
                peer.call(
                        "autonat2",
                        "peer",
                        edge.peerId(),
                        "addrs",
                        List.of("/ip4/127.0.0.1/udp/1/quic-v1"));

        assertThat(result.get("refused").asBoolean()).isTrue();
    }

    @Test
    @Clause({"A3", "autonat-v1-ok"})
    void goAsksInVersionOneUntilItIsRefused() {
        var edge = server();
        var peer = go(edge);

        for (int i = 0; i < 3; i++) {
            var result = peer.call("autonat1", "peer", edge.peerId());
            assertThat(result.get("status").asText()).isEqualTo("OK");
        }

        var refused = peer.refused("autonat1", "peer", edge.peerId());
        assertThat(refused.get("status").asText()).isEqualTo("E_DIAL_REFUSED");
    }

    @Test
    @Clause("autonat-v1-dial-error")
    void goHearsInVersionOneThatItIsNotReachable() {
        var edge = server();
        var peer = go(edge);

        var refused =
                peer.refused(
                        "autonat1",
                        "peer",
                        edge.peerId(),
                        "addrs",
                        List.of("/ip4/127.0.0.1/tcp/1"));

        assertThat(refused.get("status").asText()).isEqualTo("E_DIAL_ERROR");
    }

    @Test
    @Clause({"autonat-v2-ok", "autonat-v1-ok"})
    void rustHearsInBothVersionsThatItIsReachable() {
        var edge = server();
        var peer = processes.peer(PeerLanguage.RUST, "--listen", HERE, "--autonat", "12");

        peer.call("connect", "addr", edge.address());

        var one =
                peer.awaitEvent(
                        "autonat1", event -> event.path("status").asText().equals("OK"), SOON);
        assertThat(one.get("addr").asText()).startsWith(bare(peer));
        var two = peer.awaitEvent("autonat2", _ -> true, SOON);
        assertThat(two.get("status").asText()).isEqualTo("OK");
        assertThat(two.get("addr").asText()).startsWith(bare(peer));
    }

    // --- the node asks

    private EdgeProcess client(PeerProcess... servers) {
        var addresses = List.of(servers).stream().map(PeerProcess::address).toList();
        return processes.edge(
                dataDir,
                Map.of(
                        "CHIRAL_AUTONAT_INTERVAL",
                        "250ms",
                        "CHIRAL_BOOTSTRAP",
                        String.join(",", addresses)));
    }

    private static String reachability(EdgeProcess edge, String key) {
        var path = "checks.find { it.name == 'reachability' }.data." + key;
        Object value = edge.get("/q/health/well").path(path);
        return String.valueOf(value);
    }

    /// What the admin API says beyond that: it names the servers.
    private static String told(EdgeProcess edge, String key) {
        Object value = edge.get("/api/v1/status").path("reachability." + key);
        return String.valueOf(value);
    }

    private static void awaitPublic(EdgeProcess edge) {
        Patience.until(
                VERDICT,
                () -> reachability(edge, "reachability") + " " + told(edge, "recent"),
                verdict -> verdict.startsWith("public"));
    }

    @Test
    @Clause({"autonat-v2-nonce", "autonat-v2-several-servers"})
    void findsOutFromGoThatItIsReachable() {
        var server = processes.peer(PeerLanguage.GO, "--listen", HERE, "--autonat", "2");

        var edge = client(server);
        awaitPublic(edge);

        assertThat(reachability(edge, "confirmed")).contains("/ip4/127.0.0.1/tcp/");
        assertThat(told(edge, "why")).contains(server.id() + " reached /ip4/127.0.0.1");
        assertThat(edge.metric("libp2p_autonat_reachability_status")).isEqualTo(1);
        assertThat(edge.process().log()).contains("Reachability: status=public");
    }

    @Test
    @Clause("autonat-v2-nonce")
    void findsOutFromRustThatItIsReachableAndPaysForIt() {
        var server = processes.peer(PeerLanguage.RUST, "--listen", HERE, "--autonat", "2");

        var edge = client(server);
        awaitPublic(edge);

        assertThat(told(edge, "why")).contains(server.id() + " reached");
    }

    @Test
    @Clause("autonat-v1-public")
    void findsOutFromServersOfVersionOne() {
        var go = processes.peer(PeerLanguage.GO, "--listen", HERE, "--autonat", "1");
        var rust = processes.peer(PeerLanguage.RUST, "--listen", HERE, "--autonat", "1");

        var edge = client(go, rust);
        awaitPublic(edge);

        assertThat(told(edge, "recent")).contains(go.id()).contains(rust.id());
        assertThat(edge.metric("libp2p_autonat_received_dial_response_total"))
                .isGreaterThanOrEqualTo(3);
    }

    @Test
    void tellsThatAConfiguredAddressLeadsNowhere() {
        var server = processes.peer(PeerLanguage.GO, "--listen", HERE, "--autonat", "2");

        var edge =
                processes.edge(
                        dataDir,
                        Map.of(
                                "CHIRAL_AUTONAT_INTERVAL", "250ms",
                                "CHIRAL_ANNOUNCE", "/ip4/127.0.0.2/tcp/1",
                                "CHIRAL_BOOTSTRAP", server.address()));

        Patience.until(VERDICT, () -> reachability(edge, "reachability"), "private"::equals);
        assertThat(reachability(edge, "unreachable")).contains("/ip4/127.0.0.2/tcp/1");
        assertThat(edge.warmth("announced").toString()).contains("/ip4/127.0.0.2/tcp/1");
        edge.get("/q/health/ready").then().statusCode(200);
    }
}
