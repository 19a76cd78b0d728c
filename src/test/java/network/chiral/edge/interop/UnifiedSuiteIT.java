// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The program in the roles of libp2p's unified test suite, with a real Redis between the roles.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnifiedSuiteIT {
    private static final String SCRIPT =
            Path.of("src/test/peers/unified/run.sh").toAbsolutePath().toString();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension final Processes peers = new Processes();

    private final List<ChildProcess> roles = new ArrayList<>();
    private int redisPort;

    @BeforeAll
    void redisRuns() throws Exception {
        requireTool("redis-server");
        requireTool("ip");
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            redisPort = free.getLocalPort();
        }
        var command =
                List.of(
                        "redis-server",
                        "--port",
                        String.valueOf(redisPort),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--appendonly",
                        "no");
        var redis = new ChildProcess("redis", command, Map.of());
        roles.add(redis);
        redis.await(
                ChildProcess.Source.OUT,
                line -> Optional.of(line).filter(l -> l.contains("accept connections")),
                "readiness",
                PATIENCE);
    }

    private static void requireTool(String tool) throws IOException, InterruptedException {
        var found = new ProcessBuilder("sh", "-c", "command -v " + tool).start().waitFor() == 0;
        if (!found && "true".equals(System.getenv("CI"))) {
            throw new AssertionError("there is no " + tool + " on the PATH");
        }
        if (!found) {
            abort("there is no " + tool + " on the PATH");
        }
    }

    @AfterAll
    void stopAll() {
        for (var role : roles.reversed()) {
            if (role.isAlive()) {
                role.terminate(); // a script that is killed could not take its node along
                role.awaitExit(PATIENCE);
            }
            role.close();
        }
    }

    private ChildProcess play(String role, String testKey, Map<String, String> environment) {
        var command = new ArrayList<>(List.of(SCRIPT, role));
        command.addAll(EdgeProcess.command());
        var all = new HashMap<>(environment);
        all.putAll(
                Map.of(
                        "REDIS_ADDR", "127.0.0.1:" + redisPort,
                        "TEST_KEY", testKey,
                        "TRANSPORT", "tcp",
                        "SECURE_CHANNEL", "noise",
                        "MUXER", "yamux",
                        "PORT", "0"));
        var process = new ChildProcess(role, command, all);
        roles.add(process);
        return process;
    }

    /// The value of a key, as soon as somebody has set it.
    private String await(ChildProcess setter, String key) throws IOException {
        setter.await(
                ChildProcess.Source.ERR,
                line -> Optional.of(line).filter(l -> l.startsWith("unified: " + key + " is ")),
                key,
                PATIENCE);
        try (var redis = new Socket(InetAddress.getLoopbackAddress(), redisPort)) {
            redis.getOutputStream().write(("GET " + key + "\r\n").getBytes(StandardCharsets.UTF_8));
            var in =
                    new BufferedReader(
                            new InputStreamReader(redis.getInputStream(), StandardCharsets.UTF_8));
            in.readLine(); // the length
            return in.readLine();
        }
    }

    @Test
    void dialsItsOwnListenerAndReportsTheLatencies() {
        play("transport", "a5b50d5e", Map.of("IS_DIALER", "false", "LISTENER_IP", "0.0.0.0"));

        var dialer = play("transport", "a5b50d5e", Map.of("IS_DIALER", "true"));

        assertThat(dialer.awaitExit(PATIENCE)).as(dialer.log()).isZero();
        assertThat(dialer.stdout())
                .matches(
                        "latency:\n  handshake_plus_one_rtt: \\d+\\.\\d+\n"
                                + "  ping_rtt: \\d+\\.\\d+\n  unit: ms\n");
    }

    @Test
    void listensForAnotherLibrary() throws IOException {
        var listener =
                play("transport", "00c0ffee", Map.of("IS_DIALER", "false", "LISTENER_IP", ""));
        var address = await(listener, "00c0ffee_listener_multiaddr");
        var go = peers.peer(PeerLanguage.GO);

        var peer = go.call("connect", "addr", address).get("peer").asText();

        assertThat(go.call("ping", "peer", peer, "count", 2).get("rttMs")).hasSize(2);
    }

    @Test
    void isTheRelayBetweenTwoPeers() throws IOException {
        var relay = play("relay", "0badcafe", Map.of("RELAY_IP", "127.0.0.1"));
        var address = await(relay, "0badcafe_relay_multiaddr");
        var listener = peers.peer(PeerLanguage.GO);
        var dialer = peers.peer(PeerLanguage.RUST);
        listener.call("connect", "addr", address);
        listener.call("reserve", "addr", address);

        dialer.call("connect", "addr", address + "/p2p-circuit/p2p/" + listener.id());

        assertThat(dialer.call("ping", "peer", listener.id(), "count", 2).get("rttMs")).hasSize(2);
    }

    @Test
    void endsWithItsContainer() throws IOException {
        var listener = play("transport", "deadbeef", Map.of("IS_DIALER", "false"));
        await(listener, "deadbeef_listener_multiaddr");

        listener.terminate();

        assertThat(listener.awaitExit(PATIENCE)).as(listener.log()).isBetween(0, 143);
    }

    @Test
    void refusesATransportThatTheNodeDoesNotSpeak() {
        var command = new ArrayList<>(List.of(SCRIPT, "transport", "false"));
        var dialer =
                new ChildProcess(
                        "dialer",
                        command,
                        Map.of("REDIS_ADDR", "127.0.0.1:1", "TEST_KEY", "x", "TRANSPORT", "ws"));
        roles.add(dialer);

        assertThat(dialer.awaitExit(PATIENCE)).isEqualTo(1);
        assertThat(dialer.stderr()).contains("TRANSPORT is ws");
    }
}
