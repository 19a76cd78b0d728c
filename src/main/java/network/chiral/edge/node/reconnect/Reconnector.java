// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reconnect;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.node.NodeSettings;
import network.chiral.edge.node.cache.CachedPeer;
import org.jboss.logging.Logger;

/// Redials all cached peers in parallel, one virtual thread each, and reports how it went.
@Singleton
public class Reconnector {
    private static final Logger LOG = Logger.getLogger(Reconnector.class);

    private final Host host;
    private final NodeSettings settings;
    private final PeerDialer dialer;
    private final CacheWarmth warmth;
    private final ReconnectRounds rounds;
    private final ReconnectConfig config;
    private final MeterRegistry metrics;
    private final List<Thread> running = new ArrayList<>(); // guarded by itself
    private volatile boolean stopped;

    Reconnector(
            Host host,
            NodeSettings settings,
            PeerDialer dialer,
            CacheWarmth warmth,
            ReconnectRounds rounds,
            ReconnectConfig config,
            MeterRegistry metrics) {
        this.host = host;
        this.settings = settings;
        this.dialer = dialer;
        this.warmth = warmth;
        this.rounds = rounds;
        this.config = config;
        this.metrics = metrics;
    }

    /// Starts the round in the background.
    ///
    /// @param cached peers of the cache, in the order in which to dial them
    public void start(List<CachedPeer> cached) {
        var plan = ReconnectPlan.of(cached, settings.scope(), host.peerId());
        if (plan.targets().isEmpty() || !config.enabled()) {
            warmth.state(new CacheWarmth.State.Empty(plan.known()));
            return;
        }
        warmth.state(
                new CacheWarmth.State.Warming(
                        plan.known(), plan.relayCapable(), plan.targets().size(), 0));
        LOG.infof("Attempting to reconnect to %d cached peers...", plan.targets().size());
        LOG.infof("Cache contains %d relay-capable peers", plan.relayCapable());
        run(() -> round(plan));
    }

    private void round(ReconnectPlan plan) {
        rounds.begin(plan);
        long began = System.nanoTime();
        var outcomes = new EnumMap<DialOutcome, Integer>(DialOutcome.class);
        var dials = new ArrayList<Thread>();
        for (var target : plan.targets()) {
            dials.add(run(() -> count(outcomes, redial(target))));
        }
        for (var dial : dials) {
            try {
                dial.join();
            } catch (InterruptedException e) {
                return; // the node stops; nobody waits for the report
            }
        }
        report(plan, outcomes, Duration.ofNanos(System.nanoTime() - began));
    }

    private DialOutcome redial(ReconnectPlan.Target target) {
        try {
            var outcome = dialer.dial(target);
            if (outcome == DialOutcome.CONNECTED) {
                warmth.connected();
            }
            return outcome;
        } catch (Exception e) {
            // the fallback answers for whatever a dial throws; this is for what the interceptors do
            LOG.debugf("Cached peer missed: peer=%s reason=%s", target.peer(), e);
            return stopped ? DialOutcome.CANCELLED : DialOutcome.FAILED;
        }
    }

    private void count(Map<DialOutcome, Integer> outcomes, DialOutcome outcome) {
        synchronized (outcomes) {
            outcomes.merge(outcome, 1, Integer::sum);
        }
        rounds.ended(outcome);
    }

    private void report(ReconnectPlan plan, Map<DialOutcome, Integer> outcomes, Duration took) {
        if (stopped) {
            return;
        }
        ReconnectReport report;
        synchronized (outcomes) {
            report =
                    new ReconnectReport(
                            plan.known(),
                            plan.relayCapable(),
                            plan.targets().size(),
                            outcomes,
                            took);
        }
        report.outcomes()
                .forEach((outcome, count) ->
                        metrics.counter("chiral.reconnect.dials", "outcome", outcome.label())
                                .increment(count));
        warmth.state(new CacheWarmth.State.Over(report));
        rounds.over(took);
        LOG.info(
                String.format(
                        Locale.ROOT,
                        "Peer cache reconnection: %d/%d addresses (%.1f%% hit rate)",
                        report.connected(),
                        report.dialled(),
                        100 * report.hitRate()));
    }

    private Thread run(Runnable task) {
        var thread = Thread.ofVirtual().name("reconnect").unstarted(task);
        synchronized (running) {
            if (stopped) {
                return thread;
            }
            running.removeIf(old -> old.getState() == Thread.State.TERMINATED);
            running.add(thread);
            thread.start();
        }
        return thread;
    }

    /// Gives up what is under way and closes its sockets.
    public void stop() {
        synchronized (running) {
            stopped = true;
            running.forEach(Thread::interrupt);
        }
    }
}
