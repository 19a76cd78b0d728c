// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Two network namespaces with one cable between them, 10.77.0.1 and 10.77.0.2, fd77::1 and fd77::2;
/// nothing that is sent there leaves the machine. Needs root and `ip`; without them the test is skipped, and says so.
final class TwoMachines implements BeforeEachCallback, AfterEachCallback {
    static final String LEFT_IP = "10.77.0.1";
    static final String RIGHT_IP = "10.77.0.2";
    static final String LEFT_IP6 = "fd77::1";
    static final String RIGHT_IP6 = "fd77::2";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String left = "chiral-left-" + ProcessHandle.current().pid();
    private final String right = "chiral-right-" + ProcessHandle.current().pid();

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!"root".equals(System.getProperty("user.name")) || !runs("ip", "netns", "add", left)) {
            abort("network namespaces need root, ip and the right to make them");
        }
        run("ip", "netns", "add", right);
        run(
                "ip", "link", "add", "lan0", "netns", left, "type", "veth", "peer", "name", "lan0",
                "netns", right);
        connect(left, LEFT_IP, LEFT_IP6);
        connect(right, RIGHT_IP, RIGHT_IP6);
    }

    private static void connect(String machine, String ip, String ip6) {
        run("ip", "-n", machine, "address", "add", ip + "/24", "dev", "lan0");
        run("ip", "-n", machine, "address", "add", ip6 + "/64", "dev", "lan0", "nodad");
        run("ip", "-n", machine, "link", "set", "lan0", "up");
        run("ip", "-n", machine, "link", "set", "lo", "up");
    }

    /// Leaves IPv6 alone to them.
    void forgetIp4() {
        for (var machine : List.of(left, right)) {
            run("ip", "-n", machine, "-4", "address", "flush", "dev", "lan0");
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        runs("ip", "netns", "delete", left);
        runs("ip", "netns", "delete", right);
    }

    /// Before a command that is to run on the left machine.
    List<String> onTheLeft() {
        return List.of("ip", "netns", "exec", left);
    }

    List<String> onTheRight() {
        return List.of("ip", "netns", "exec", right);
    }

    private static void run(String... command) {
        assertThat(runs(command)).as(String.join(" ", command)).isTrue();
    }

    private static boolean runs(String... command) {
        try (var process = new ChildProcess(command[0], List.of(command), Map.of())) {
            return process.awaitExit(PATIENCE) == 0;
        } catch (UncheckedIOException e) {
            return false; // there is no such program
        }
    }
}
