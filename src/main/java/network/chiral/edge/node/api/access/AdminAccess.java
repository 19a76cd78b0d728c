// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.access;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import network.chiral.edge.libp2p.swarm.Rate;
import network.chiral.edge.libp2p.swarm.RateTable;
import network.chiral.edge.node.SettingValue;
import network.chiral.edge.node.health.NodeState;
import network.chiral.edge.node.reload.BadFile;
import network.chiral.edge.node.reload.FileReader.Line;
import network.chiral.edge.node.reload.FileReloader;
import network.chiral.edge.node.reload.ReloadedFile;
import org.jboss.logging.Logger;

/// Keeps the gate of the admin API: reads the tokens, now and whenever they change, and counts those that
/// were wrong.
@Singleton
public class AdminAccess {
    private static final Logger LOG = Logger.getLogger(AdminAccess.class);
    private static final String TOKEN_FILE = "chiral.admin.token-file";
    private static final int MAX_TOKEN_BYTES = 16 << 10;

    /// Wrong tokens of an IPv4 address or IPv6 /64: ten mistyped ones, then one in six seconds.
    private static final Rate WRONG_TOKENS = new Rate(10, Duration.ofSeconds(6));

    private static final int IP6_NETWORK = 64;
    private static final int IP4_BITS = 32;

    private static final Set<PosixFilePermission> FOR_OTHERS =
            Set.of(
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE,
                    PosixFilePermission.OTHERS_EXECUTE,
                    PosixFilePermission.GROUP_WRITE);

    private enum Loopback {
        AUTO,
        TRUE,
        FALSE
    }

    private final AdminConfig config;
    private final FileReloader reloader;
    private final NodeState state;
    private final MeterRegistry metrics;
    private final Clock clock;
    private final RateTable<IpPrefix> wrongTokens = new RateTable<>(WRONG_TOKENS);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile AdminGate gate = new AdminGate(false, false, Set.of(), AdminTokens.NONE);

    AdminAccess(
            AdminConfig config,
            FileReloader reloader,
            NodeState state,
            MeterRegistry metrics,
            Clock clock) {
        this.config = config;
        this.reloader = reloader;
        this.state = state;
        this.metrics = metrics;
        this.clock = clock;
    }

    /// Reads the settings and the tokens; until then nobody is admitted.
    ///
    /// @throws network.chiral.edge.node.BadConfiguration for the first value or file that cannot be
    public void start() {
        var file = tokenFile(config);
        var hosts =
                config.hosts().orElse(List.of()).stream()
                        .map(name -> name.strip().toLowerCase(Locale.ROOT))
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
        boolean loopback =
                switch (loopback(config)) {
                    case TRUE -> true;
                    case FALSE -> false;
                    case AUTO -> file.isEmpty() && !config.clientCertificates();
                };
        ClientCertificates.check(config);
        gate = new AdminGate(loopback, config.clientCertificates(), hosts, AdminTokens.NONE);
        file.ifPresent(path -> reloader.add(tokenFile(path, this::take)));
    }

    /// Reads all values and the tokens once.
    ///
    /// @throws network.chiral.edge.node.BadConfiguration for the first that cannot be
    public static void check(AdminConfig config) {
        loopback(config);
        ClientCertificates.check(config);
        tokenFile(config).ifPresent(path -> tokenFile(path, _ -> {}).load());
    }

    private static Loopback loopback(AdminConfig config) {
        return SettingValue.choice("chiral.admin.loopback", config.loopback(), Loopback.class);
    }

    private static Optional<Path> tokenFile(AdminConfig config) {
        return config.tokenFile()
                .filter(text -> !text.isBlank())
                .map(text -> SettingValue.path(TOKEN_FILE, text));
    }

    private static ReloadedFile<AdminTokens> tokenFile(Path path, Consumer<AdminTokens> taker) {
        return new ReloadedFile<>(
                TOKEN_FILE, path, MAX_TOKEN_BYTES, lines -> tokens(path, lines), taker);
    }

    private static AdminTokens tokens(Path path, List<Line> lines) throws BadFile {
        try {
            if (Files.getPosixFilePermissions(path).stream().anyMatch(FOR_OTHERS::contains)) {
                throw new BadFile("others may read or change it; it should be 0600 or 0440");
            }
        } catch (IOException e) {
            throw new BadFile("its permissions cannot be read: " + e.getMessage());
        } catch (UnsupportedOperationException e) {
            LOG.debugf("No permissions on this file system: path=%s", path);
        }
        return AdminTokens.of(lines);
    }

    private void take(AdminTokens tokens) {
        gate = new AdminGate(gate.loopback(), gate.certificates(), gate.hosts(), tokens);
        listeners.forEach(Runnable::run);
    }

    /// Runs `listener` whenever other tokens are good: whoever was admitted by another is not any more.
    public void onTokens(Runnable listener) {
        listeners.add(listener);
    }

    /// Whether `request` may be.
    public Verdict judge(AdminRequest request) {
        var verdict = state.isStarted() ? judgeStarted(request) : Verdict.STARTING;
        if (verdict != Verdict.ADMITTED) {
            metrics.counter("chiral.admin.refused", "reason", verdict.label()).increment();
        }
        return verdict;
    }

    private Verdict judgeStarted(AdminRequest request) {
        var current = gate;
        var verdict = current.judge(request);
        var token = request.headers().token();
        return verdict == Verdict.NO_CREDENTIALS && token.isPresent() && current.wantsToken()
                ? look(current.tokens(), token.get(), request.remote())
                : verdict;
    }

    private Verdict look(AdminTokens tokens, String token, InetAddress remote) {
        var from = IpPrefix.of(remote, remote instanceof Inet6Address ? IP6_NETWORK : IP4_BITS);
        if (!wrongTokens.take(from, clock.instant())) {
            return Verdict.TOO_MANY_TOKENS;
        }
        if (tokens.holds(token)) {
            wrongTokens.giveBack(from);
            return Verdict.ADMITTED;
        }
        LOG.warnf("A wrong token for the admin API: from=%s", from);
        return Verdict.WRONG_TOKEN;
    }
}
