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
        RELAY("192.0.43.1", "2001:500:88::1"),
        SERVER("192.0.43.2", "2001:500:88::2"),
        A("192.0.43.3", "2001:500:88:a::2"),
        B("192.0.43.4", "2001:500:88:b::2");

        private final String ip4;
        private final String ip6;

        Place(String ip4, String ip6) {
            this.ip4 = ip4;
            this.ip6 = ip6;
        }

        /// Its own address, or that of the NAT before it.
        String ip4() {
            return ip4;
        }

        /// Its own address, whether or not a firewall is before it.
        String ip6() {
            return ip6;
        }

        /// What a command has to begin with to run here.
        List<String> prefix() {
            return List.of(SCRIPT.toString(), "exec", ID, name().toLowerCase(Locale.ROOT));
        }
    }

    /// What the router before a place does with the ports of IPv4; a cone, unless told.
    enum Router {
        /// Another port at random for each connection.
        SYMMETRIC,
        /// Lets everybody in at the port that is listened on.
        OPEN
    }

    private String test = "";

    @Override
    public void beforeEach(ExtensionContext context) {
        test = context.getDisplayName();
        need("check", "no NAT on this machine: ");
        run("up", ID);
    }

    @SuppressWarnings("SystemOut") // whoever reads the build's log has to see what was not tested
    private void need(String what, String butThereIs) {
        try (var check = script(what)) {
            if (check.awaitExit(PATIENCE) != 0) {
                var why = butThereIs + (check.stdout() + check.stderr()).strip();
                System.out.println(test + " is skipped, " + why);
                abort(why);
            }
        }
    }

    /// To be called before anything runs there.
    void router(Place place, Router router) {
        var nat = "nat-" + place.name().toLowerCase(Locale.ROOT);
        run("router", ID, nat, router.name().toLowerCase(Locale.ROOT));
    }

    /// Makes every way over the segment take `time`; skips the test where the kernel cannot.
    void delay(Duration time) {
        need("check-delay", "no delay on this machine: ");
        run("delay", ID, time.toMillis() + "ms");
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
