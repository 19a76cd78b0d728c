// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// The network of `src/test/peers/netns/nat.sh`, new for each test: two sites behind a NAT each, and a
/// segment with public addresses.
///
/// Without the rights or the tools for it, the test is skipped, and says why.
final class NatNetwork implements BeforeEachCallback, AfterEachCallback {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path SCRIPT = Path.of("src/test/peers/netns/nat.sh").toAbsolutePath();
    private static final String ID = Long.toString(ProcessHandle.current().pid());

    /// Where a program runs, and what the public segment sees of it.
    enum Place {
        RELAY("192.31.196.1"),
        SERVER("192.31.196.2"),
        A("192.31.196.3"),
        B("192.31.196.4");

        private final String ip;

        Place(String ip) {
            this.ip = ip;
        }

        /// Its own address, or that of the NAT before it.
        String ip() {
            return ip;
        }

        /// What a command has to begin with to run here.
        List<String> prefix() {
            return List.of(SCRIPT.toString(), "exec", ID, name().toLowerCase(Locale.ROOT));
        }
    }

    @Override
    @SuppressWarnings("SystemOut") // whoever reads the build's log has to see what was not tested
    public void beforeEach(ExtensionContext context) {
        try (var check = script("check")) {
            if (check.awaitExit(PATIENCE) != 0) {
                var why = "no NAT on this machine: " + (check.stdout() + check.stderr()).strip();
                System.out.println(context.getDisplayName() + " is skipped, " + why);
                abort(why);
            }
        }
        run("up", ID);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        run("down", ID);
    }

    private static ChildProcess script(String... arguments) {
        var command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        return new ChildProcess("nat.sh " + arguments[0], command, Map.of());
    }

    private static void run(String... arguments) {
        try (var script = script(arguments)) {
            if (script.awaitExit(PATIENCE) != 0) {
                throw new AssertionError(script.log());
            }
        }
    }
}
