// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.node.bootstrap.BootstrapRounds;
import network.chiral.edge.node.cache.CacheKeeper;
import network.chiral.edge.node.health.NodeState;
import network.chiral.edge.node.kad.KadKeeper;
import network.chiral.edge.node.reconnect.Reconnector;
import org.jboss.logging.Logger;

/// Sends everybody elsewhere, once: at SIGTERM, or before that at the word of an operator.
///
/// ```
/// serving --begin--> draining --awaitCircuits--> over
/// ```
@Singleton
public class NodeDrain {
    private static final Logger LOG = Logger.getLogger(NodeDrain.class);

    private final Host host;
    private final NodeState state;
    private final Work work;
    private final DrainConfig config;
    private final Clock clock;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean awaited = new AtomicBoolean();
    private volatile Optional<Instant> since = Optional.empty();

    /// What ends with it, and what is saved.
    @Singleton
    record Work(
            BootstrapRounds bootstrap, Reconnector reconnector, CacheKeeper cache, KadKeeper kad) {}

    NodeDrain(Host host, NodeState state, Work work, DrainConfig config, Clock clock) {
        this.host = host;
        this.state = state;
        this.work = work;
        this.config = config;
        this.clock = clock;
    }

    /// How long circuits may go on at the end of the process.
    ///
    /// @throws BadConfiguration where the setting cannot be
    public Duration grace() {
        return SettingValue.duration("chiral.drain.grace", config.grace(), Duration.ZERO);
    }

    /// When it began; empty while the node serves.
    public Optional<Instant> since() {
        return since;
    }

    /// Takes nobody new, tells peers so, and saves; circuits go on. Blocks for a few seconds; false where
    /// it had begun before.
    public boolean begin() {
        if (begun.getAndSet(true)) {
            return false;
        }
        LOG.infof(
                "Draining: connections=%d reservations=%d circuits=%d",
                host.connectionCount(),
                host.relay().reservationCount(),
                host.relay().circuitCount());
        since = Optional.of(clock.instant());
        state.draining();
        work.bootstrap().stop();
        work.reconnector().stop();
        host.drain();
        work.cache().saveNow(); // whatever happens during the grace, this is on the disk
        work.kad().stop();
        return true;
    }

    /// Waits until the last circuit has ended or the grace is over, once.
    void awaitCircuits() {
        if (!awaited.getAndSet(true)) {
            host.awaitCircuits(grace());
        }
    }
}
