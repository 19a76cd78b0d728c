// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Threads;
import org.jspecify.annotations.Nullable;

/// Finds out whether this node can be reached, by asking connected servers one after the other: those of
/// version 2 where there are any, else those of version 1.
///
/// One question at a time, a pause after each, and a server that was asked rests, so that the load on
/// others has a bound whatever the answers are.
public final class AutoNatProber {
    /// A server that was asked rests for so many pauses: 2 min at the default pace (go-libp2p's
    /// defaultThrottlePeerDuration).
    static final int REST_IN_PAUSES = 24;

    private final Sources sources;
    private final AutoNatV2Client v2;
    private final AutoNatV1Client v1;
    private final ReachabilityTable table;
    private final Random random;
    private final Threads threads;
    private final Clock clock;
    private final Duration pace;
    private final Map<PeerId, Instant> asked = new HashMap<>(); // the prober's thread only
    private final List<AutoNatListener> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable Thread thread;
    private volatile Instant next;

    /// What the prober asks of its host, each time.
    ///
    /// @param addresses to be tried, best first, all in scope
    /// @param connections open now
    /// @param speaks whether a connected peer has said that it answers a protocol
    public record Sources(
            Supplier<List<Multiaddr>> addresses,
            Supplier<List<Connection>> connections,
            BiPredicate<PeerId, ProtocolId> speaks) {}

    /// What moves the prober.
    ///
    /// @param random jitters pauses and chooses servers
    /// @param pace between two questions
    public record Motion(Random random, Threads threads, Clock clock, Duration pace) {}

    public AutoNatProber(Sources sources, AutoNatV2Client v2, AutoNatV1Client v1, Motion motion) {
        this.sources = sources;
        this.v2 = v2;
        this.v1 = v1;
        this.random = motion.random();
        this.threads = motion.threads();
        this.clock = motion.clock();
        this.pace = motion.pace();
        this.next = clock.instant();
        this.table = new ReachabilityTable(next);
    }

    public void addListener(AutoNatListener listener) {
        listeners.add(listener);
    }

    public ReachabilityDetails details() {
        return table.details(clock.instant());
    }

    /// The verdict on one address.
    public Reachability of(Multiaddr address) {
        return table.of(address);
    }

    /// When somebody is asked next, if there is somebody to ask.
    public Instant next() {
        return next;
    }

    /// Begins to ask, after a first pause in which others may connect.
    public void start() {
        thread = threads.start("autonat", this::run);
    }

    /// Asks no more.
    public void stop() {
        var running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                var pause = jittered();
                next = clock.instant().plus(pause);
                threads.sleep(pause);
                ask();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Nodes that started together do not ask together.
    private Duration jittered() {
        return Duration.ofMillis((long) (pace.toMillis() * (0.8 + 0.4 * random.nextDouble())));
    }

    /// Asks one server, if there is something to ask and a server that has rested.
    void ask() throws InterruptedException {
        table.track(sources.addresses().get());
        tellNews();
        var now = clock.instant();
        var rest = pace.multipliedBy(REST_IN_PAUSES);
        asked.values().removeIf(at -> !at.plus(rest).isAfter(now));
        var due = table.due(now);
        if (!due.isEmpty()) {
            var server = server(AutoNatV2Server.DIAL_REQUEST, Optional.empty());
            if (server.isPresent()) {
                askV2(server.get(), due);
                return;
            }
        }
        if (table.isV1Due(now)) {
            server(AutoNatV1Server.PROTOCOL, Optional.of(AutoNatV2Server.DIAL_REQUEST))
                    .ifPresent(this::askV1);
        }
    }

    private void askV2(Connection server, List<Multiaddr> due) throws InterruptedException {
        var addresses = due.subList(0, Math.min(due.size(), AutoNatV2Client.MAX_ADDRESSES));
        var outcome = v2.probe(server, addresses);
        table.answered(server.remotePeer(), addresses, outcome, clock.instant());
        listeners.forEach(listener -> listener.onProbed(addresses.size(), outcome));
        tellNews();
    }

    private void askV1(Connection server) {
        var outcome =
                v1.probe(
                        server,
                        sources.addresses().get(),
                        status -> listeners.forEach(listener -> listener.onReceived(status)));
        table.answeredV1(server.remotePeer(), outcome, clock.instant());
        tellNews();
    }

    private void tellNews() {
        table.news(clock.instant())
                .ifPresent(news -> listeners.forEach(listener -> listener.onReachability(news)));
    }

    /// A connection to some server that has rested and speaks `protocol` but not `without`. One that this
    /// node has dialled goes first: rust-libp2p 0.57 serves version 2 on no other.
    private Optional<Connection> server(ProtocolId protocol, Optional<ProtocolId> without) {
        var direct =
                new ArrayList<>(
                        sources.connections().get().stream()
                                .filter(one -> one.isOpen() && !one.isRelayed())
                                .toList());
        Collections.shuffle(direct, random);
        direct.sort(Comparator.comparing(one -> one.direction() == Connection.Direction.INBOUND));
        var passedOver = new HashSet<>(asked.keySet());
        for (var connection : direct) {
            var peer = connection.remotePeer();
            if (passedOver.add(peer)
                    && sources.speaks().test(peer, protocol)
                    && without.map(other -> !sources.speaks().test(peer, other)).orElse(true)) {
                asked.put(peer, clock.instant());
                return Optional.of(connection);
            }
        }
        return Optional.empty();
    }
}
