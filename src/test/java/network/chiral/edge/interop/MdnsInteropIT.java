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
                        "CHIRAL_LISTEN", "/ip4/" + ip + "/tcp/4001",
                        "CHIRAL_ADDRESS_SCOPE", "lan",
                        "CHIRAL_MDNS_ENABLED", "true"));
    }

    private EdgeProcess edgeOnTheLeft() {
        return edge(machines.onTheLeft(), TwoMachines.LEFT_IP, leftData);
    }

    private static void awaitFound(EdgeProcess edge, String peer) {
        Patience.until(
                SOON,
                edge::stderr,
                log -> log.contains("mDNS found a peer: peer=" + peer + " addresses=[/ip4/10.77."));
    }

    private PeerProcess peerOnTheRight(PeerLanguage language) {
        var command = new ArrayList<>(machines.onTheRight());
        command.addAll(language.command());
        return processes.peer(
                language.toString(),
                language.library(),
                command,
                "--mdns",
                "--listen",
                "/ip4/" + TwoMachines.RIGHT_IP + "/tcp/4001");
    }

    @ParameterizedTest
    @EnumSource(names = {"GO", "RUST"}) // js finds peers by a package of its own
    @Clause({"mdns-query", "mdns-response", "mdns-txt"})
    void findsOthersAndDialsThemAndIsFoundByThem(PeerLanguage language) {
        var peer = peerOnTheRight(language);

        var edge = edgeOnTheLeft();
        var found = peer.awaitEvent("mdns", event -> isOf(edge, event), SOON);
        var connected = peer.awaitEvent("connected", event -> isOf(edge, event), SOON);

        assertThat(found.get("addrs").toString())
                .startsWith("[\"/ip4/" + TwoMachines.LEFT_IP + "/tcp/4001");
        assertThat(connected.get("direction").asText()).isEqualTo("inbound");
        awaitFound(edge, peer.id());
        peer.call("ping", "peer", edge.peerId(), "count", 1);
    }

    private static boolean isOf(EdgeProcess edge, JsonNode event) {
        return event.path("peer").asText().equals(edge.peerId());
    }

    @Test
    @Clause({"mdns-query", "mdns-response", "mdns-txt", "mdns-link-addresses"})
    void twoNodesFindEachOther() {
        var left = edgeOnTheLeft();
        var right = edge(machines.onTheRight(), TwoMachines.RIGHT_IP, rightData);

        awaitFound(left, right.peerId());
        awaitFound(right, left.peerId());

        var metrics =
                Patience.until(
                        SOON,
                        () -> metrics(machines.onTheLeft(), left),
                        text -> text.contains("\nchiral_connections 1.0"));
        assertThat(metrics).contains("\nchiral_mdns_peers 1.0").contains("chiral_mdns_sent_total");
    }

    /// The management port is on the loopback of another network, so something there has to ask.
    private static String metrics(List<String> machine, EdgeProcess edge) {
        var script =
                "exec 3<>/dev/tcp/127.0.0.1/%d; printf 'GET /q/metrics HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3"
                        .formatted(edge.managementPort());
        var command = new ArrayList<>(machine);
        command.addAll(List.of("bash", "-c", script));
        try (var ask = new ChildProcess("bash", command, Map.of())) {
            ask.awaitExit(SOON);
            return ask.stdout();
        }
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
        var right = edge(machines.onTheRight(), TwoMachines.RIGHT_IP, rightData);
        assertThat(left.address()).contains(TwoMachines.LEFT_IP);

        // it has asked again, and everybody has had his time to answer
        var metrics =
                Patience.until(
                        SOON,
                        () -> metrics(machines.onTheRight(), right),
                        text -> queries(text) >= 6); // on IPv4 and on IPv6

        assertThat(metrics).contains("\nchiral_mdns_peers 0.0");
        assertThat(metrics(machines.onTheLeft(), left)).doesNotContain("chiral_mdns");
    }
}
