// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.chiral.edge.libp2p.identity.PeerId;

/// The network between the nodes: who is where, who can talk to whom, and what goes wrong.
final class World {
    private static final Duration LEAST_LATENCY = Duration.ofMillis(10);
    private static final Duration MOST_LATENCY = Duration.ofMillis(300);

    /// TCP, Noise with the muxer in it: a round trip each, and half of one until the listener knows.
    private static final int LATENCIES_TO_DIAL = 4;

    /// A dial into nothing (go-libp2p gives up after 5 s).
    private static final Duration DIAL_PATIENCE = Duration.ofSeconds(5);

    private static final Duration NEVER = Duration.ofDays(1_000);

    private final Simulator simulator;
    private final Map<InetSocketAddress, SimulatedNode> nodes = new LinkedHashMap<>();
    private final Map<Link, Simulator.Timer> links = new LinkedHashMap<>(); // with its breakdown
    private final Duration meanLifeOfALink;
    private boolean partitioned;

    /// @param meanLifeOfALink until a connection breaks for no reason; zero for never
    World(Simulator simulator, Duration meanLifeOfALink) {
        this.simulator = simulator;
        this.meanLifeOfALink = meanLifeOfALink;
    }

    Simulator simulator() {
        return simulator;
    }

    // --- nodes

    void add(SimulatedNode node) {
        var before = nodes.put(node.socket(), node);
        if (before != null && before.isUp()) {
            throw new IllegalStateException(before + " is still there");
        }
    }

    /// Nodes that are up, in the order of their coming.
    List<SimulatedNode> nodes() {
        return nodes.values().stream().filter(SimulatedNode::isUp).toList();
    }

    Optional<SimulatedNode> at(InetSocketAddress socket) {
        return Optional.ofNullable(nodes.get(socket)).filter(SimulatedNode::isUp);
    }

    boolean canTalk(SimulatedNode one, SimulatedNode other) {
        return !partitioned || one.isCutOff() == other.isCutOff();
    }

    // --- connections

    /// Connects `from` with whoever listens on `socket`. Blocks.
    MemoryConnection connect(SimulatedNode from, PeerId peer, InetSocketAddress socket)
            throws IOException, InterruptedException {
        var latency = simulator.between(LEAST_LATENCY, MOST_LATENCY);
        from.threads().sleep(latency.multipliedBy(LATENCIES_TO_DIAL));
        var there = at(socket);
        if (there.isPresent() && !canTalk(from, there.get())) {
            from.threads().sleep(DIAL_PATIENCE);
            throw new SocketTimeoutException("nobody answers at " + socket);
        }
        var to = there.orElseThrow(() -> new IOException("refused by " + socket));
        if (!to.peerId().equals(peer) || !to.isListening()) {
            throw new IOException("refused by " + to);
        }
        if (!from.isUp()) {
            throw new IOException(from + " has left");
        }
        var link = new Link(this, from, to, latency);
        link.send(link.dialer(), () -> link.listener().establish());
        links.put(link, simulator.after(lifeOfALink(), () -> breakDown(link)));
        link.dialer().establish();
        return link.dialer();
    }

    private Duration lifeOfALink() {
        return meanLifeOfALink.isZero() ? NEVER : simulator.exponential(meanLifeOfALink);
    }

    private void breakDown(Link link) {
        links.remove(link);
        if (simulator.chance(0.5)) {
            link.goSilent();
        } else {
            link.breakLoudly();
        }
    }

    /// A connection has ended at both ends.
    void forget(Link link) {
        var wear = links.remove(link);
        if (wear != null) {
            wear.cancel();
        }
    }

    /// Connections that have not ended at both ends, nor broken down.
    int linkCount() {
        return links.size();
    }

    // --- what goes wrong

    /// From now on nothing passes between those who are cut off and the others.
    void partition() {
        partitioned = true;
        simulator.tell("partition");
        for (var link : List.copyOf(links.keySet())) {
            if (link.crossesThePartition()) {
                link.goSilent();
            }
        }
    }

    void heal() {
        partitioned = false;
        simulator.tell("the partition is over");
    }
}
