// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import network.chiral.edge.conformance.Clause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Peers on one link find each other without having been told of each other.
class MdnsInteropIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension final TwoMachines machines = new TwoMachines();
    @RegisterExtension final Processes processes = new Processes();

    @TempDir Path leftData;
    @TempDir Path rightData;

    private EdgeProcess edge(List<String> machine, String ip, Path dataDir) {
        return processes.edge(
                machine,
                dataDir,
                Map.of(
                        "CHIRAL_LISTEN", ip + "/tcp/4001",
                        "CHIRAL_ADDRESS_SCOPE", "lan",
                        "CHIRAL_MDNS_ENABLED", "true"));
    }

    private EdgeProcess edgeOnTheLeft() {
        return edge(machines.onTheLeft(), "/ip4/" + TwoMachines.LEFT_IP, leftData);
    }

    private static void awaitFound(EdgeProcess edge, String peer, String network) {
        Patience.until(
                SOON,
                edge::stderr,
                log -> log.contains("mDNS found a peer: peer=" + peer + " addresses=[" + network));
    }

    private PeerProcess peerOnTheRight(PeerLanguage language, String ip, String flag) {
        var command = new ArrayList<>(machines.onTheRight());
        command.addAll(language.command());
        return processes.peer(
                language.toString(),
                language.library(),
                command,
                flag,
                "--listen",
                ip + "/tcp/4001");
    }

    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST"}) // js finds peers by a package of its own
    @Clause({"mdns-query", "mdns-response", "mdns-txt"})
    void findsOthersAndDialsThemAndIsFoundByThem(PeerLanguage language) {
        var peer = peerOnTheRight(language, "/ip4/" + TwoMachines.RIGHT_IP, "--mdns");

        var edge = edgeOnTheLeft();

        assertMeet(edge, "/ip4/" + TwoMachines.LEFT_IP, peer);
        awaitFound(edge, peer.id(), "/ip4/10.77.");
    }

    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST"})
    @Clause({"mdns-query", "mdns-response", "mdns-txt", "mdns-ip6"})
    void findsOthersWhereThereIsOnlyIp6(PeerLanguage language) {
        machines.forgetIp4();
        var peer =
                peerOnTheRight(
                        language,
                        "/ip6/" + TwoMachines.RIGHT_IP6,
                        language == PeerLanguage.RUST ? "--mdns6" : "--mdns");

        var edge = edge(machines.onTheLeft(), "/ip6/" + TwoMachines.LEFT_IP6, leftData);

        assertMeet(edge, "/ip6/" + TwoMachines.LEFT_IP6, peer);
        awaitFound(edge, peer.id(), "/ip6/fd77:");
    }

    private static void assertMeet(EdgeProcess edge, String ip, PeerProcess peer) {
        var found = peer.awaitEvent("mdns", event -> isOf(edge, event), SOON);
        var connected = peer.awaitEvent("connected", event -> isOf(edge, event), SOON);

        assertThat(found.get("addrs").toString()).startsWith("[\"" + ip + "/tcp/4001");
        assertThat(connected.get("direction").asText()).isEqualTo("inbound");
        peer.call("ping", "peer", edge.peerId(), "count", 1);
    }

    private static boolean isOf(EdgeProcess edge, JsonNode event) {
        return event.path("peer").asText().equals(edge.peerId());
    }

    @Test
    @Clause({"mdns-query", "mdns-response", "mdns-txt", "mdns-link-addresses"})
    void twoNodesFindEachOther() {
        var left = edgeOnTheLeft();
        var right = edge(machines.onTheRight(), "/ip4/" + TwoMachines.RIGHT_IP, rightData);

        awaitFound(left, right.peerId(), "/ip4/10.77.");
        awaitFound(right, left.peerId(), "/ip4/10.77.");

        var metrics =
                Patience.until(
                        SOON,
                        () -> left.metricsFrom(machines.onTheLeft()),
                        // two connections, where both dialled at the same moment
                        text -> text.contains("\nchiral_peers 1.0"));
        assertThat(metrics).contains("\nchiral_mdns_peers 1.0").contains("chiral_mdns_sent_total");
    }

    private static double queries(String metrics) {
        var start = "chiral_mdns_sent_total{kind=\"query\"} ";
        return metrics.lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
                .sum();
    }

    @Test
    void isSilentUnlessItIsSwitchedOn() {
        var left =
                processes.edge(
                        machines.onTheLeft(),
                        leftData,
                        Map.of(
                                "CHIRAL_LISTEN", "/ip4/10.77.0.1/tcp/4001",
                                "CHIRAL_ADDRESS_SCOPE", "lan"));
        var right = edge(machines.onTheRight(), "/ip4/" + TwoMachines.RIGHT_IP, rightData);
        assertThat(left.address()).contains(TwoMachines.LEFT_IP);

        // it has asked again, and everybody has had his time to answer
        var metrics =
                Patience.until(
                        SOON,
                        () -> right.metricsFrom(machines.onTheRight()),
                        text -> queries(text) >= 6); // on IPv4 and on IPv6

        assertThat(metrics).contains("\nchiral_mdns_peers 0.0");
        assertThat(left.metricsFrom(machines.onTheLeft())).doesNotContain("chiral_mdns");
    }
}
