// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A libp2p implementation to test against, and how to get its peer running.
enum PeerLanguage {
    GO("go", "go/bin/peer", "go/go.mod", "go-libp2p v([0-9.]+)"),
    RUST(
            "cargo",
            "rust/target/release/peer",
            "rust/Cargo.lock",
            "name = \"libp2p\"\nversion = \"([0-9.]+)\""),
    JS(
            "npm",
            "js/node_modules/.package-lock.json",
            "js/package-lock.json",
            "\"node_modules/libp2p\": \\{\\s*\"version\": \"([0-9.]+)\"");

    private static final long BUILD_MINUTES = 10;

    private final String tool;
    private final Path artifact;
    private final String library;
    private boolean tried; // guarded by this

    /// @param lock the file that says which version of the library is built in
    /// @param version where in that file
    PeerLanguage(String tool, String artifact, String lock, String version) {
        this.tool = tool;
        this.artifact = peers().resolve(artifact);
        this.library = this + "-libp2p " + find(version, peers().resolve(lock));
    }

    private static String find(String version, Path lock) {
        try {
            var match = Pattern.compile(version).matcher(Files.readString(lock));
            if (!match.find()) {
                throw new AssertionError("no version of libp2p in " + lock);
            }
            return match.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The library and its version, as `go-libp2p 0.51.0`.
    String library() {
        return library;
    }

    private static Path peers() {
        return Path.of("src/test/peers").toAbsolutePath();
    }

    /// Starts the peer. Builds it once where it is not built; without the toolchain the test is
    /// skipped, and in CI it fails.
    List<String> command() {
        ensureBuilt();
        return this == JS
                ? List.of("node", peers().resolve("js/peer.mjs").toString())
                : List.of(artifact.toString());
    }

    private synchronized void ensureBuilt() {
        if (Files.exists(artifact) && (this != JS || isOnPath("node"))) {
            return;
        }
        if (!isOnPath(tool) || (this == JS && !isOnPath("node"))) {
            missing("there is no " + tool + " on the PATH to build the " + this + " peer with");
        }
        if (tried) {
            throw new AssertionError("the " + this + " peer did not build, see above");
        }
        tried = true;
        build();
    }

    private void build() {
        var command = List.of(peers().resolve("build.sh").toString(), toString());
        try (var build = new ChildProcess("build.sh " + this, command, Map.of())) {
            int code = build.awaitExit(Duration.ofMinutes(BUILD_MINUTES));
            if (code != 0 || !Files.exists(artifact)) {
                throw new AssertionError("the " + this + " peer did not build:\n" + build.log());
            }
        }
    }

    private static void missing(String reason) {
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(reason);
        }
        abort(reason);
    }

    private static boolean isOnPath(String tool) {
        try {
            var search = new ProcessBuilder("sh", "-c", "command -v " + tool).start();
            return search.waitFor(10, TimeUnit.SECONDS) && search.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Every source with every destination.
    static Stream<List<PeerLanguage>> pairs() {
        return Stream.of(values()).flatMap(a -> Stream.of(values()).map(b -> List.of(a, b)));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
