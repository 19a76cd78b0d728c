// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.kad.KadSettings;
import network.chiral.edge.libp2p.protocol.kad.KadTimes;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoReader;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.junit.jupiter.api.Test;

/// An hour of a DHT with churn and a partition in it.
///
/// Fifty nodes and not a thousand, which look around half as often as they would: each looks after its
/// table every second and asks some ten others a minute, and that is what a build has time for.
class KadSimulationTest {
    private static final int BOOTSTRAPS = 3;
    private static final int NODES = 50;
    private static final int K = 20;
    private static final int FIND_NODE = 4;
    private static final Duration RECORDS_LIVE = Duration.ofMinutes(40);
    private static final Duration PROVIDERS_LIVE = Duration.ofMinutes(30);
    private static final byte[] KEY = "chiral_file_1".getBytes(StandardCharsets.UTF_8);
    private static final byte[] VALUE = "{}".getBytes(StandardCharsets.UTF_8);

    private static final KadSettings SETTINGS =
            KadSettings.CHIRAL.with(
                    KadTimes.DEFAULT
                            .withLifetimes(RECORDS_LIVE, PROVIDERS_LIVE)
                            .withCare(Duration.ofMinutes(10), Duration.ofMinutes(20)));

    private final Simulator simulator = new Simulator(Seeds.seed());
    private final World world = new World(simulator, Duration.ofHours(6));
    private final List<DhtNode> nodes = new ArrayList<>();
    private final Set<PeerId> clients = new HashSet<>();
    private int asked;
    private boolean churning = true;

    @Test
    void afterAPartitionEverybodyIsFoundAndRecordsLiveAsLongAsTheyShould() {
        for (int i = 0; i < BOOTSTRAPS + NODES; i++) {
            begin(i);
        }
        simulator.start("watch", this::watch);
        simulator.run(Duration.ofMinutes(12));

        put();
        simulator.after(Duration.ofMinutes(3), world::partition);
        simulator.after(Duration.ofMinutes(13), world::heal);
        simulator.run(Duration.ofMinutes(20));
        assertThat(holdersOfTheValue()).as("finders of a record before its end").isGreaterThan(8);
        churning = false;
        simulator.run(Duration.ofMinutes(8));
        int found = found();
        simulator.run(Duration.ofMinutes(12));

        assertThat(asked).as("questions of the watch").isGreaterThan(200);
        assertThat(found).as("of a hundred servers found").isGreaterThanOrEqualTo(99);
        assertThat(holdersOfTheValue()).as("finders of a record after its end").isZero();
        everybodyLeaves();
    }

    private void begin(int number) {
        var name = "node " + number;
        var socket = new InetSocketAddress("60." + number % 256 + "." + number / 256 + ".1", 4001);
        var identity = Identity.ofSecret(SimulatedCrypto.CRYPTO, name);
        var place = new SimulatedRelay.Place(name, identity, socket);
        boolean server = number < BOOTSTRAPS || number % 5 != 0;
        var mode = server ? KadSettings.Mode.SERVER : KadSettings.Mode.CLIENT;
        if (!server) {
            clients.add(identity.peerId());
        }
        var settings = SETTINGS.with(mode);
        if (number < BOOTSTRAPS) {
            come(place, settings, false);
        } else {
            simulator.start(name, () -> live(place, settings, number % 3 == 0));
        }
    }

    private DhtNode come(SimulatedRelay.Place place, KadSettings settings, boolean cutOff) {
        var node = new DhtNode(world, place, settings, cutOff);
        nodes.add(node);
        node.node().threads().start("bootstrap", () -> bootstrap(node));
        return node;
    }

    private void live(SimulatedRelay.Place place, KadSettings settings, boolean cutOff) {
        try {
            simulator.sleep(simulator.between(Duration.ZERO, Duration.ofMinutes(5)));
            while (true) {
                var node = come(place, settings, cutOff);
                do {
                    simulator.sleep(simulator.exponential(Duration.ofHours(1)));
                } while (!churning && node.node().isUp());
                if (!node.node().isUp()) {
                    return;
                }
                nodes.remove(node);
                if (simulator.chance(0.5)) {
                    node.node().leave();
                } else {
                    node.node().loseItsMachine();
                }
                simulator.sleep(simulator.exponential(Duration.ofMinutes(10)));
                if (!churning) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Dials the well-known nodes again and again, as Chiral's clients and this node do.
    private void bootstrap(DhtNode node) {
        try {
            while (true) {
                for (int i = 0; i < BOOTSTRAPS; i++) {
                    var known = nodes.get(i).node();
                    if (known != node.node()) {
                        try {
                            node.node().dial(known.peerId(), known.socket());
                        } catch (IOException e) {
                            // next time
                        }
                    }
                }
                simulator.sleep(Duration.ofMinutes(2));
            }
        } catch (InterruptedException e) {
            // it ends
        }
    }

    // --- what is looked at

    /// Somebody who asks any server for any key, and reads the answer by the letter of the specification.
    private void watch() {
        var identity = Identity.ofSecret(SimulatedCrypto.CRYPTO, "watch");
        var watcher =
                new SimulatedNode(
                        world, "watch", identity, new InetSocketAddress("61.0.0.1", 4001), false);
        watcher.addListener(SimulatedRelay.identify(watcher));
        clients.add(watcher.peerId());
        try {
            while (simulator.now() < Duration.ofMinutes(50).toNanos()) {
                simulator.sleep(Duration.ofSeconds(5));
                ask(watcher, any());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            watcher.leave();
        }
    }

    private void ask(SimulatedNode watcher, DhtNode server) throws InterruptedException {
        if (!server.isServer()) {
            return;
        }
        try {
            var connection = watcher.dial(server.self(), server.node().socket());
            var stream = connection.open(DhtNode.PROTOCOL);
            stream.deadline(Duration.ofSeconds(10));
            var key = new byte[34];
            for (int i = 0; i < key.length; i++) {
                key[i] = (byte) simulator.random().nextInt();
            }
            stream.writeMessage(new ProtoWriter().number(1, FIND_NODE).bytes(2, key).toBytes());
            check(stream.readMessage(16 * 1024), watcher.peerId());
            stream.closeWrite();
            connection.close();
        } catch (MalformedMessage e) {
            simulator.fail(e);
        } catch (IOException e) {
            // churn
        }
    }

    private void check(byte[] answer, PeerId asker) throws MalformedMessage {
        asked++;
        var named = new ArrayList<PeerId>();
        var in = new ProtoReader(answer);
        while (in.next()) {
            if (in.field() == 8) {
                var peer = new ProtoReader(in.bytes());
                simulator.check(peer.next() && peer.field() == 1, "a peer without an id");
                named.add(PeerId.ofBytes(peer.bytes()));
            } else {
                in.skip();
            }
        }
        simulator.check(named.size() <= K, named.size() + " peers in an answer");
        simulator.check(named.stream().noneMatch(clients::contains), "a client in an answer");
        simulator.check(!named.contains(asker), "the asker in an answer");
        simulator.check(new HashSet<>(named).size() == named.size(), "a peer named twice");
    }

    private DhtNode any() {
        return nodes.get(simulator.random().nextInt(nodes.size()));
    }

    private void put() {
        var node = nodes.get(BOOTSTRAPS);
        var taken = new int[1];
        node.node()
                .threads()
                .start(
                        "put",
                        () -> {
                            try {
                                taken[0] = node.dht().client().putValue(KEY, VALUE);
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        simulator.run(Duration.ofMinutes(1));
        assertThat(taken[0]).as("servers that took a record").isGreaterThan(K / 2);
    }

    /// How many of ten that are drawn find the value.
    private int holdersOfTheValue() {
        var found = new int[1];
        for (int i = 0; i < 10; i++) {
            var seeker = any();
            simulator.start(
                    "get",
                    () -> {
                        try {
                            boolean known = seeker.dht().client().getValue(KEY).isPresent();
                            found[0] += known ? 1 : 0;
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
        }
        simulator.run(Duration.ofMinutes(1));
        return found[0];
    }

    /// How many of a hundred servers that are drawn somebody finds who is drawn too.
    private int found() {
        var found = new int[1];
        var servers = nodes.stream().filter(DhtNode::isServer).toList();
        for (int i = 0; i < 100; i++) {
            var seeker = any();
            var sought = servers.get(simulator.random().nextInt(servers.size()));
            if (seeker == sought) {
                found[0]++;
                continue;
            }
            simulator.start(
                    "find",
                    () -> {
                        try {
                            boolean known =
                                    seeker.dht().client().findPeer(sought.self()).isPresent();
                            found[0] += known ? 1 : 0;
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
        }
        simulator.run(Duration.ofMinutes(1));
        return found[0];
    }

    private void everybodyLeaves() {
        List.copyOf(nodes).forEach(node -> node.dht().stop());
        List.copyOf(nodes).forEach(node -> node.node().leave());
        simulator.run(Duration.ofHours(12));
        assertThat(simulator.alive()).as("threads").isZero();
    }
}
