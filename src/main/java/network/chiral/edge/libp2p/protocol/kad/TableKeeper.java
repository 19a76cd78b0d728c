// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.swarm.Threads;
import org.jspecify.annotations.Nullable;

/// Keeps the routing table alive: asks newcomers and old members whether they are there, and looks up
/// the neighbourhood and every bucket from time to time.
///
/// It sleeps until the next of these is due, or until somebody rings the alarm.
final class TableKeeper {
    /// Between two looks at what is due, however much happens.
    private static final Duration TICK = Duration.ofSeconds(1);

    /// The longest sleep. What has expired is in no answer; this is how long it takes up memory.
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(5);

    /// Peers asked whether they are there at once.
    private static final int PROBES = 8;

    /// Peers that wait to be asked; more are met again.
    private static final int QUEUE = 1_024;

    /// Members asked again in one tick.
    private static final int PER_TICK = 16;

    /// While the table has not even one bucket's worth of peers.
    private static final Duration EARLY_REFRESH = Duration.ofMinutes(1);

    /// Buckets looked up; go-libp2p-kad-dht stops at a prefix of 15, where finding a target takes as
    /// long as this node cares to wait.
    private static final int DEEPEST_REFRESH = 12;

    private final DhtParts parts;
    private final KadSurroundings host;
    private final KadClient client;
    private final Threads threads;
    private final Clock clock;
    private final Announcements announcements;
    private final Set<PeerId> queue = new LinkedHashSet<>(); // guarded by it, as the two below
    private final Set<PeerId> probing = new HashSet<>();
    private int probers;
    private Instant nextRefresh = Instant.MIN; // of the keeper's thread
    private volatile boolean refreshing;
    private volatile boolean running;
    private volatile @Nullable Thread loop;

    TableKeeper(
            DhtParts parts,
            KadClient client,
            Announcements announcements,
            Threads threads,
            Clock clock) {
        this.parts = parts;
        this.host = parts.host();
        this.client = client;
        this.announcements = announcements;
        this.threads = threads;
        this.clock = clock;
    }

    void start() {
        running = true;
        loop = threads.start("kad-keeper", this::keep);
    }

    void stop() {
        running = false;
        var thread = loop;
        if (thread != null) {
            thread.interrupt();
        }
    }

    // --- told by the host

    /// `peer` has told which protocols it speaks.
    void onIdentified(PeerId peer) {
        if (!host.speaks(peer, parts.protocol())) {
            parts.table().forget(peer);
        } else if (!client.isAsking(peer) // whose answer will do
                && (parts.table().member(peer).isPresent()
                        || parts.table().wants(peer, KadKey.of(peer)))) {
            enqueue(peer);
        }
    }

    /// The last connection to `peer` is gone.
    void onDisconnected(PeerId peer) {
        parts.table().doubt(peer);
        parts.alarm().release();
    }

    // --- asking whether they are there

    private void enqueue(PeerId peer) {
        synchronized (queue) {
            if (!running || queue.size() >= QUEUE || probing.contains(peer) || !queue.add(peer)) {
                return;
            }
            if (probers < PROBES) {
                probers++;
                threads.start("kad-probe", this::probeAll);
            }
        }
    }

    private void probeAll() {
        @Nullable PeerId peer = null;
        while (true) {
            synchronized (queue) {
                if (peer != null) {
                    probing.remove(peer);
                }
                if (queue.isEmpty() || !running) {
                    probers--;
                    return;
                }
                peer = queue.iterator().next();
                queue.remove(peer);
                probing.add(peer);
            }
            probe(peer);
        }
    }

    private void probe(PeerId peer) {
        var addresses = parts.table().member(peer).map(Member::addresses).orElse(List.of());
        try {
            client.ask(new KadPeer(peer, addresses), new KadRequest.FindNode(host.self().bytes()));
        } catch (IOException e) {
            // the table knows
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // --- looking around

    private void keep() {
        try {
            while (running) {
                parts.alarm().drainPermits();
                tick(clock.instant());
                threads.sleep(TICK);
                var now = clock.instant();
                var due = nextDue(now);
                if (due.isAfter(now)) {
                    threads.acquire(parts.alarm(), Duration.between(now, due));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tick(Instant now) {
        parts.table().due(now, PER_TICK).forEach(member -> enqueue(member.id()));
        parts.records().forgetExpired(now);
        parts.providers().forgetExpired(now);
        if (!refreshing && !now.isBefore(nextRefresh) && parts.table().size() > 0) {
            refreshing = true;
            threads.start("kad-refresh", this::refresh);
            nextRefresh = now.plus(pause());
        }
        announcements.tick(now);
    }

    private Instant nextDue(Instant now) {
        var next = now.plus(shorter(LONGEST_SLEEP, parts.settings().times().verifyEvery()));
        var member = parts.table().nextDue();
        if (member.isPresent()) {
            next = earlier(next, earlier(member.get(), nextRefresh));
        }
        return earlier(next, announcements.nextDue(now));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /// Not all nodes of a network at the same moment: a tenth more or less.
    private Duration pause() {
        var usual = parts.settings().times().refreshEvery();
        boolean small = parts.table().size() < KadLimits.K;
        var pause = small && usual.compareTo(EARLY_REFRESH) > 0 ? EARLY_REFRESH : usual;
        long tenth = Math.max(1, pause.toMillis() / 10);
        return pause.plusMillis(chance().nextLong(-tenth, tenth + 1));
    }

    /// Nobody's secret: another sequence for each node and moment, and the same one in a world that is
    /// lived through again.
    private RandomGenerator chance() {
        return new SplittableRandom(clock.millis() ^ (long) host.self().hashCode() << 32);
    }

    private void refresh() {
        try {
            var neighbours = client.findClosest(host.self().bytes());
            var own = KadKey.of(host.self());
            int deepest = Math.min(deepestUnknown(own, neighbours), DEEPEST_REFRESH);
            for (var target : targets(own, deepest, chance())) {
                client.findClosest(target);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            refreshing = false;
        }
    }

    /// The longest prefix with which there may be somebody that the search for our own place has not
    /// named: whoever shares more with us than the farthest of twenty neighbours is one of them.
    private int deepestUnknown(KadKey own, List<KadPeer> neighbours) {
        int deepest = parts.table().deepest();
        if (neighbours.size() < KadLimits.K) {
            return deepest;
        }
        return Math.min(deepest, own.commonPrefix(KadKey.of(neighbours.getLast().id())));
    }

    /// One key for each prefix up to `deepest`, found by chance: their place is a hash. In the form of
    /// peer ids, which old servers insist on.
    static List<byte[]> targets(KadKey own, int deepest, RandomGenerator random) {
        var found = new byte[deepest + 1][];
        int missing = deepest + 1;
        for (int tries = 16 << (deepest + 1); missing > 0 && tries > 0; tries--) {
            var key = new byte[34];
            random.nextBytes(key);
            key[0] = 0x12; // sha2-256
            key[1] = 32;
            int prefix = own.commonPrefix(KadKey.of(key));
            if (prefix <= deepest && found[prefix] == null) {
                found[prefix] = key;
                missing--;
            }
        }
        var targets = new ArrayList<byte[]>();
        for (var key : found) {
            if (key != null) {
                targets.add(key);
            }
        }
        return targets;
    }
}
