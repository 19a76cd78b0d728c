// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.kad.KadPeer;

/// Asks nodes of a town that are drawn for what it knows to be there, and counts how often they find it.
///
/// Who is nearest to a key it works out itself, from the whole town.
final class DhtProbe {
    private static final int K = 20;
    private static final int KEYS = 50;

    /// From its start until a node is expected to know its way and to be known.
    private static final Duration SETTLED = Duration.ofMinutes(10);

    private static final byte[] VALUE = "{}".getBytes(StandardCharsets.UTF_8);

    /// One kind of question.
    enum Kind {
        /// Of the twenty servers nearest to a key, how many are named.
        CLOSEST,
        PEER,
        VALUE,
        PROVIDERS
    }

    /// How often something was there, and how often it was found.
    static final class Score {
        private long there;
        private long found;

        private void add(long there, long found) {
            this.there += there;
            this.found += found;
        }

        long there() {
            return there;
        }

        double share() {
            return (double) found / there;
        }

        @Override
        public String toString() {
            return "%d of %d (%.3f %%)".formatted(found, there, 100 * share());
        }
    }

    private final DhtTown town;
    private final Simulator simulator;
    private final Map<Kind, Score> scores = new TreeMap<>();
    private final Map<PeerId, byte[]> positions = new HashMap<>();
    private final Map<DhtNode, Long> since = new HashMap<>();
    private final Map<Integer, Long> published = new TreeMap<>();
    private final Map<Integer, DhtNode> providers = new TreeMap<>();
    private long counting;

    DhtProbe(DhtTown town) {
        this.town = town;
        this.simulator = town.simulator();
        for (var kind : Kind.values()) {
            scores.put(kind, new Score());
        }
    }

    Map<Kind, Score> scores() {
        return scores;
    }

    /// A node has come.
    void began(DhtNode node) {
        since.put(node, simulator.now());
        since.keySet().removeIf(one -> !one.node().isUp());
    }

    /// Asks something every `pause` from now on until `end`.
    void ask(Duration pause, Duration end) {
        simulator.start(
                "probe",
                () -> {
                    try {
                        for (long i = 0; simulator.now() < end.toNanos(); i++) {
                            simulator.sleep(pause);
                            askOnce(Kind.values()[(int) (i % Kind.values().length)]);
                        }
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    /// What is asked before this moment does not count.
    void countFrom(Duration moment) {
        counting = Math.max(counting, moment.toNanos());
    }

    private void askOnce(Kind kind) {
        var seeker = town.any();
        if (!isSettled(seeker)) {
            return;
        }
        seeker.node()
                .threads()
                .start(
                        "seek",
                        () -> {
                            try {
                                seek(seeker, kind);
                            } catch (InterruptedException e) {
                                // it has left
                            }
                        });
    }

    private void seek(DhtNode seeker, Kind kind) throws InterruptedException {
        switch (kind) {
            case CLOSEST -> closest(seeker);
            case PEER -> peer(seeker);
            case VALUE -> value(seeker);
            case PROVIDERS -> provider(seeker);
        }
    }

    /// Counts, where both ends are there still and nothing was cut off meanwhile.
    private void score(Kind kind, DhtNode seeker, long began, long there, long found) {
        if (seeker.node().isUp() && began >= counting) {
            scores.get(kind).add(there, found);
            if (found < there) {
                simulator.tell(seeker.node() + " finds " + found + " of " + there + " " + kind);
            }
        }
    }

    private boolean isSettled(DhtNode node) {
        return node.node().isUp()
                && simulator.now() - since.getOrDefault(node, Long.MAX_VALUE / 2)
                        > SETTLED.toNanos();
    }

    // --- the questions

    private void closest(DhtNode seeker) throws InterruptedException {
        var key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) simulator.random().nextInt();
        }
        long began = simulator.now();
        var named = new HashSet<PeerId>();
        for (KadPeer peer : seeker.dht().client().findClosest(key)) {
            named.add(peer.id());
        }
        var there = nearest(key, seeker).stream().filter(this::isSettled).toList();
        long found = there.stream().filter(node -> named.contains(node.self())).count();
        score(Kind.CLOSEST, seeker, began, there.size(), found);
    }

    private List<DhtNode> nearest(byte[] key, DhtNode except) {
        var target = position(key);
        return town.nodes().stream()
                .filter(node -> node.isServer() && node != except)
                .sorted(
                        Comparator.comparing(
                                node -> distance(target, position(node)), Arrays::compareUnsigned))
                .limit(K)
                .toList();
    }

    private byte[] position(DhtNode node) {
        return positions.computeIfAbsent(node.self(), peer -> position(peer.bytes()));
    }

    private static byte[] distance(byte[] one, byte[] other) {
        var distance = new byte[one.length];
        for (int i = 0; i < distance.length; i++) {
            distance[i] = (byte) (one[i] ^ other[i]);
        }
        return distance;
    }

    private static byte[] position(byte[] key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void peer(DhtNode seeker) throws InterruptedException {
        var sought = town.any();
        if (sought == seeker || !sought.isServer() || !isSettled(sought)) {
            return;
        }
        long began = simulator.now();
        boolean found = seeker.dht().client().findPeer(sought.self()).isPresent();
        if (sought.node().isUp()) {
            score(Kind.PEER, seeker, began, 1, found ? 1 : 0);
        }
    }

    private void value(DhtNode seeker) throws InterruptedException {
        int number = simulator.random().nextInt(KEYS);
        if (!published.containsKey(number)) {
            return;
        }
        long began = simulator.now();
        boolean found = seeker.dht().client().getValue(key("value", number)).isPresent();
        score(Kind.VALUE, seeker, began, 1, found ? 1 : 0);
    }

    private void provider(DhtNode seeker) throws InterruptedException {
        int number = simulator.random().nextInt(KEYS);
        var sought = providers.get(number);
        if (sought == null || sought == seeker || !isSettled(sought)) {
            return;
        }
        long began = simulator.now();
        var named = seeker.dht().client().findProviders(key("file", number));
        boolean found = named.stream().anyMatch(peer -> peer.id().equals(sought.self()));
        if (sought.node().isUp()) {
            score(Kind.PROVIDERS, seeker, began, 1, found ? 1 : 0);
        }
    }

    // --- what there is to be found

    private static byte[] key(String what, int number) {
        return ("chiral_" + what + "_" + number).getBytes(StandardCharsets.UTF_8);
    }

    /// From now on somebody puts each value anew every `pause`, as Chiral's clients do.
    void publish(Duration pause, Duration end) {
        simulator.start(
                "publish",
                () -> {
                    try {
                        for (int i = 0; simulator.now() < end.toNanos(); i++) {
                            simulator.sleep(pause.dividedBy(KEYS));
                            put(i % KEYS);
                        }
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    private void put(int number) {
        var publisher = town.any();
        if (!isSettled(publisher)) {
            return;
        }
        publisher
                .node()
                .threads()
                .start(
                        "put",
                        () -> {
                            try {
                                if (publisher.dht().client().putValue(key("value", number), VALUE)
                                        > K / 2) {
                                    published.put(number, simulator.now());
                                }
                            } catch (InterruptedException e) {
                                // it has left
                            }
                        });
    }

    /// Each key is provided by whoever of the town is the first to come when nobody does.
    void provide(DhtNode node) {
        for (int number = 0; number < KEYS; number++) {
            var held = providers.get(number);
            if (held == null || !held.node().isUp()) {
                providers.put(number, node);
                node.dht().announce(key("file", number), () -> true);
                return;
            }
        }
    }
}
