// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.kad.KadContents;
import network.chiral.edge.libp2p.protocol.kad.KadListener;
import network.chiral.edge.libp2p.protocol.kad.KadSettings;
import network.chiral.edge.libp2p.protocol.kad.KadType;

/// A DHT whose nodes come and go: a few well-known ones that stay, servers, and clients behind routers.
final class DhtTown {
    /// The well-known nodes are dialled that often, as Chiral's clients do.
    private static final Duration BOOTSTRAP = Duration.ofMinutes(10);

    private static final Duration BOOTSTRAP_RETRY = Duration.ofSeconds(30);

    /// Who lives in the town.
    ///
    /// @param bootstraps well-known servers, which stay
    /// @param others who come and go
    /// @param servers how many in a hundred of the others are servers
    /// @param session how long they stay, on the average
    /// @param absence how long they are away, on the average
    record People(int bootstraps, int others, int servers, Duration session, Duration absence) {
        /// How many of the others are there at a time.
        private double shareUp() {
            return (double) session.toSeconds() / session.plus(absence).toSeconds();
        }
    }

    private final Simulator simulator;
    private final World world;
    private final People people;
    private final KadSettings settings;
    private final Map<Integer, DhtNode> up = new LinkedHashMap<>();
    private final List<DhtNode> upList = new ArrayList<>();
    private final Set<PeerId> clients = new HashSet<>();
    private Consumer<DhtNode> atStart = _ -> {};
    private long answers;
    private long failures;
    private long restarts;

    DhtTown(Simulator simulator, World world, People people, KadSettings settings) {
        this.simulator = simulator;
        this.world = world;
        this.people = people;
        this.settings = settings;
    }

    /// What each node does beside, from its start on.
    void atStart(Consumer<DhtNode> what) {
        atStart = what;
    }

    /// Those who are there in the beginning come within `first`; all live on until `end`.
    void begin(Duration first, Duration end) {
        for (int i = 0; i < people.bootstraps; i++) {
            come(i);
        }
        for (int i = people.bootstraps; i < people.bootstraps + people.others; i++) {
            int number = i;
            simulator.start("life of node " + number, () -> live(number, first, end.toNanos()));
        }
    }

    Simulator simulator() {
        return simulator;
    }

    World world() {
        return world;
    }

    // --- who is there

    /// Those that are up, in no order that means anything.
    List<DhtNode> nodes() {
        return upList;
    }

    DhtNode any() {
        return upList.get(simulator.random().nextInt(upList.size()));
    }

    /// The node of a number, where it is up.
    Optional<DhtNode> node(int number) {
        return Optional.ofNullable(up.get(number));
    }

    /// Those who are to be in nobody's answer.
    Set<PeerId> clients() {
        return clients;
    }

    /// Questions that were answered so far, in the whole town.
    long answers() {
        return answers;
    }

    /// Questions that were not.
    long failures() {
        return failures;
    }

    /// Nodes that came again after they had left.
    long restarts() {
        return restarts;
    }

    private boolean isServer(int number) {
        return number < people.bootstraps || number * 37 % 100 < people.servers;
    }

    // --- coming and going

    private DhtNode come(int number) {
        var name = "node " + number;
        var socket = new InetSocketAddress("60." + number % 256 + "." + number / 256 + ".1", 4001);
        var identity = Identity.ofSecret(SimulatedCrypto.CRYPTO, name);
        var place = new SimulatedRelay.Place(name, identity, socket);
        var mode = isServer(number) ? KadSettings.Mode.SERVER : KadSettings.Mode.CLIENT;
        if (!isServer(number)) {
            clients.add(identity.peerId());
        }
        var node = new DhtNode(world, place, settings.with(mode), number % 3 == 2);
        up.put(number, node);
        upList.add(node);
        node.dht().addListener(counter());
        node.node().threads().start("bootstrap", () -> bootstrap(node));
        atStart.accept(node);
        return node;
    }

    private KadListener counter() {
        return new KadListener() {
            @Override
            public void onAnswered(PeerId peer, KadType type, Duration took) {
                answers++;
            }

            @Override
            public void onUnanswered(PeerId peer, KadType type) {
                failures++;
            }
        };
    }

    private void go(int number, Consumer<SimulatedNode> how) {
        var node = up.remove(number);
        if (node != null) {
            upList.remove(node);
            node.dht().stop();
            how.accept(node.node());
        }
    }

    private void live(int number, Duration first, long end) {
        try {
            if (simulator.chance(people.shareUp())) {
                simulator.sleep(simulator.between(Duration.ZERO, first));
            } else {
                sleep(simulator.exponential(people.absence), end);
            }
            while (simulator.now() < end) {
                come(number);
                sleep(simulator.exponential(people.session), end);
                if (simulator.now() >= end) {
                    return;
                }
                double how = simulator.random().nextDouble();
                go(
                        number,
                        how < 0.5
                                ? SimulatedNode::leave
                                : how < 0.75
                                        ? SimulatedNode::crash
                                        : SimulatedNode::loseItsMachine);
                sleep(simulator.exponential(people.absence), end);
                restarts++;
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void sleep(Duration pause, long end) throws InterruptedException {
        simulator.sleep(Duration.ofNanos(Math.min(pause.toNanos(), end - simulator.now())));
    }

    /// Ends a well-known node, and starts it again with what it held, as its operator's disk has it.
    void restart(int number, Duration pause, boolean crash) {
        var contents = node(number).map(node -> node.dht().contents());
        go(number, crash ? SimulatedNode::crash : SimulatedNode::leave);
        simulator.after(
                pause,
                () -> {
                    var node = come(number);
                    node.dht().restore(contents.orElse(new KadContents(List.of(), List.of())));
                    restarts++;
                });
    }

    /// Dials the well-known nodes again and again.
    private void bootstrap(DhtNode node) {
        try {
            while (true) {
                boolean all = true;
                for (int i = 0; i < people.bootstraps; i++) {
                    all &= up.get(i) == node || isConnected(node, i);
                }
                node.node().threads().sleep(all ? BOOTSTRAP : BOOTSTRAP_RETRY);
            }
        } catch (InterruptedException e) {
            // it ends
        }
    }

    private boolean isConnected(DhtNode node, int bootstrap) throws InterruptedException {
        var known = up.get(bootstrap);
        if (known == null) {
            return false;
        }
        try {
            node.node().dial(known.self(), known.node().socket());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Everybody leaves, and says goodbye.
    void everybodyLeaves() {
        List.copyOf(up.keySet()).forEach(number -> go(number, SimulatedNode::leave));
    }
}
