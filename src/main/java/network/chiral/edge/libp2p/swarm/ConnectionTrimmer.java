// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Closes, every few seconds, the connections that nobody needs.
public final class ConnectionTrimmer implements AutoCloseable {
    private final Swarm swarm;
    private final TrimRules rules;
    private final Threads threads;
    private final List<ConnectionValue> values = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;
    private volatile @Nullable Thread thread;

    public ConnectionTrimmer(Swarm swarm, TrimRules rules, Threads threads) {
        this.swarm = swarm;
        this.rules = rules;
        this.threads = threads;
    }

    /// Asks `value` too from now on: one who protects is enough, and values add up.
    public void heed(ConnectionValue value) {
        values.add(value);
    }

    public void start() {
        if (rules.high() > 0 || rules.idle().isPositive()) {
            thread = threads.start("connection-trimmer", this::run);
        }
    }

    private void run() {
        try {
            while (!stopped) {
                threads.sleep(rules.every());
                trim();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void trim() {
        var all = swarm.connections();
        boolean full = rules.high() > 0 && all.size() > rules.high();
        var candidates =
                all.stream()
                        .filter(connection -> full || mayBeIdle(connection))
                        .map(connection -> candidate(connection, full))
                        .toList();
        TrimPlan.of(candidates, rules)
                .forEach((connection, reason) -> {
                    if (!isProtected(connection)) { // it may have reserved since
                        swarm.trim(connection, reason);
                    }
                });
    }

    /// Asked before anything that costs more: of a crowd at rest nobody is worth more.
    private boolean mayBeIdle(Connection connection) {
        return rules.idle().isPositive() && connection.idle().compareTo(rules.idle()) >= 0;
    }

    private TrimPlan.Candidate<Connection> candidate(Connection connection, boolean full) {
        var peer = connection.remotePeer();
        return new TrimPlan.Candidate<>(
                connection,
                isProtected(connection),
                connection.isBusy(),
                full ? values.stream().mapToDouble(value -> value.value(peer)).sum() : 0,
                connection.age(),
                connection.idle());
    }

    private boolean isProtected(Connection connection) {
        return values.stream().anyMatch(value -> value.isProtected(connection.remotePeer()));
    }

    @Override
    public void close() {
        stopped = true;
        var running = thread;
        if (running != null) {
            running.interrupt();
        }
    }
}
