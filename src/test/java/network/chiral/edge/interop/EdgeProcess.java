// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static io.restassured.RestAssured.given;

import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The packaged node as a process: the jar on this JVM, or with `-Dnative` the executable.
final class EdgeProcess {
    /// From the launch to the listening line; the JVM shares its processors with compilers and peers.
    static final Duration START_PATIENCE = Duration.ofSeconds(isNative() ? 2 : 30);

    /// For what follows, and for the end of a node that cannot start.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Pattern LISTENING =
            Pattern.compile("\\{\"event\":\"listening\",\"addr\":\"([^\"]+/p2p/([^\"]+))\"}");
    private static final Pattern MANAGEMENT =
            Pattern.compile("Management interface listening on https?://[^ ]+:(\\d+)");

    private final ChildProcess process;
    private final Path dataDir;

    private EdgeProcess(ChildProcess process, Path dataDir) {
        this.process = process;
        this.dataDir = dataDir;
    }

    /// @param settings environment variables in addition to, or instead of, those for a test
    static EdgeProcess launch(Path dataDir, Map<String, String> settings) {
        return launch(List.of(), dataDir, settings);
    }

    /// @param prefix words before the command, such as those that lead into another network
    static EdgeProcess launch(List<String> prefix, Path dataDir, Map<String, String> settings) {
        var environment =
                new HashMap<>(
                        Map.of(
                                "CHIRAL_DATA_DIR", dataDir.toString(),
                                "CHIRAL_LISTEN", "/ip4/127.0.0.1/tcp/0",
                                "CHIRAL_ADDRESS_SCOPE", "any",
                                "CHIRAL_LISTENING_LINE", "true",
                                "QUARKUS_MANAGEMENT_HOST", "127.0.0.1",
                                "QUARKUS_MANAGEMENT_PORT", "0"));
        environment.putAll(settings);
        var command = new ArrayList<>(prefix);
        command.addAll(command());
        return new EdgeProcess(new ChildProcess("edge", command, environment), dataDir);
    }

    static boolean isNative() {
        return Boolean.getBoolean("edge.native");
    }

    /// What starts the program.
    static List<String> command() {
        if (isNative()) {
            var executable = Path.of(System.getProperty("native.image.path", "")).toAbsolutePath();
            if (!Files.isExecutable(executable)) {
                throw new AssertionError("-Dnative, but there is no executable at " + executable);
            }
            return List.of(executable.toString());
        }
        var jar = Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();
        if (!Files.exists(jar)) {
            throw new AssertionError("there is no " + jar + ": ./mvnw package");
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // a process of a few seconds
                "-jar",
                jar.toString());
    }

    ChildProcess process() {
        return process;
    }

    Path dataDir() {
        return dataDir;
    }

    Path cacheFile() {
        return dataDir.resolve("peer_cache.json");
    }

    // --- while it runs

    /// The first address with the peer id, as soon as it accepts connections.
    String address() {
        return listening(1);
    }

    String peerId() {
        return listening(2);
    }

    private String listening(int group) {
        return process.await(
                ChildProcess.Source.OUT,
                line -> group(LISTENING, line, group),
                "listening line",
                START_PATIENCE);
    }

    int managementPort() {
        return process.await(
                ChildProcess.Source.ERR,
                line -> group(MANAGEMENT, line, 1).map(Integer::valueOf),
                "management port",
                PATIENCE);
    }

    private static Optional<String> group(Pattern pattern, String line, int group) {
        var match = pattern.matcher(line);
        return match.find() ? Optional.of(match.group(group)) : Optional.empty();
    }

    /// What the management interface answers.
    Response get(String path) {
        return given().baseUri("http://127.0.0.1").port(managementPort()).get(path);
    }

    /// One value of what the readiness probe is told.
    Object warmth(String key) {
        return get("/q/health/ready").path("checks.find { it.name == 'ready' }.data." + key);
    }

    /// The sum over all labels of a metric, 0 without any.
    double metric(String name) {
        return get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /// The metrics as text, for a node in another network: its management port is on the loopback there, so
    /// something that `prefix` leads there has to ask.
    String metricsFrom(List<String> prefix) {
        var script =
                "exec 3<>/dev/tcp/127.0.0.1/%d; printf 'GET /q/metrics HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3"
                        .formatted(managementPort());
        var command = new ArrayList<>(prefix);
        command.addAll(List.of("bash", "-c", script));
        try (var ask = new ChildProcess("bash", command, Map.of())) {
            ask.awaitExit(PATIENCE);
            return ask.stdout();
        }
    }

    // --- its end

    /// SIGTERM; the exit code.
    int stop(Duration patience) {
        process.terminate();
        return process.awaitExit(patience);
    }

    /// For a node that cannot start: its exit code.
    int awaitExit() {
        return process.awaitExit(PATIENCE);
    }

    String stderr() {
        return process.stderr();
    }
}
