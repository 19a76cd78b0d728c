// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import network.chiral.edge.libp2p.swarm.SwarmListener;
import network.chiral.edge.libp2p.swarm.Threads;

/// A process on the network from its start to its end: what a swarm is to the services, in memory.
final class SimulatedNode {
    private final World world;
    private final Simulator simulator;
    private final String name;
    private final Identity identity;
    private final InetSocketAddress socket;
    private final boolean cutOff;
    private final Map<PeerId, List<MemoryConnection>> connections = new LinkedHashMap<>();
    private final Map<String, ServedProtocol> served = new TreeMap<>();
    private final List<SwarmListener> listeners = new ArrayList<>();
    private final Set<Thread> running = new LinkedHashSet<>();
    private final Threads threads = new OwnThreads();
    private boolean up = true;
    private boolean listening = true;

    /// @param cutOff on which side it is while there is a partition
    SimulatedNode(
            World world, String name, Identity identity, InetSocketAddress socket, boolean cutOff) {
        this.world = world;
        this.simulator = world.simulator();
        this.name = name;
        this.identity = identity;
        this.socket = socket;
        this.cutOff = cutOff;
        world.add(this);
    }

    /// Threads that end with the process.
    private final class OwnThreads implements Threads {
        @Override
        public Thread start(String task, Runnable work) {
            return simulator.start(name + ": " + task, () -> live(work));
        }

        private void live(Runnable work) {
            if (!up) {
                return;
            }
            var thread = Thread.currentThread();
            running.add(thread);
            try {
                work.run();
            } finally {
                running.remove(thread);
            }
        }

        @Override
        public void sleep(Duration pause) throws InterruptedException {
            simulator.sleep(pause);
        }

        @Override
        public boolean acquire(Semaphore permits, Duration patience) throws InterruptedException {
            return simulator.acquire(permits, patience);
        }
    }

    Simulator simulator() {
        return simulator;
    }

    Threads threads() {
        return threads;
    }

    Identity identity() {
        return identity;
    }

    PeerId peerId() {
        return identity.peerId();
    }

    InetSocketAddress socket() {
        return socket;
    }

    /// Where its own dials come from.
    InetSocketAddress ephemeralSocket() {
        return new InetSocketAddress(socket.getAddress(), 50_000);
    }

    Multiaddr address() {
        return Multiaddr.ofTcp(socket);
    }

    boolean isCutOff() {
        return cutOff;
    }

    boolean isUp() {
        return up;
    }

    boolean isListening() {
        return listening;
    }

    // --- protocols

    void serve(ServedProtocol protocol) {
        served.put(protocol.id().name(), protocol);
    }

    void withdraw(ProtocolId protocol) {
        served.remove(protocol.name());
    }

    Optional<ServedProtocol> served(ProtocolId protocol) {
        return Optional.ofNullable(served.get(protocol.name()));
    }

    List<ProtocolId> protocols() {
        return served.keySet().stream().map(ProtocolId::new).toList();
    }

    // --- connections

    void addListener(SwarmListener listener) {
        listeners.add(listener);
    }

    /// Blocks until the connection stands.
    Connection dial(PeerId peer, InetSocketAddress to) throws IOException, InterruptedException {
        var held = connection(peer);
        return held.isPresent() ? held.get() : world.connect(this, peer, to);
    }

    void onConnected(MemoryConnection connection) {
        connections
                .computeIfAbsent(connection.remotePeer(), _ -> new ArrayList<>(1))
                .add(connection);
        listeners.forEach(listener -> listener.onConnected(connection));
    }

    void onDisconnected(MemoryConnection connection, String reason) {
        var held = connections.get(connection.remotePeer());
        held.remove(connection);
        if (held.isEmpty()) {
            connections.remove(connection.remotePeer());
        }
        if (!connection.link().otherEnd(connection).isOpen()) {
            world.forget(connection.link());
        }
        listeners.forEach(l -> l.onDisconnected(connection, held.isEmpty(), reason));
    }

    /// An open connection to `peer`, the youngest where there are several.
    Optional<Connection> connection(PeerId peer) {
        var held = connections.get(peer);
        return held == null ? Optional.empty() : Optional.of(held.getLast());
    }

    List<Connection> connections() {
        return connections.values().stream().<Connection>flatMap(List::stream).toList();
    }

    // --- the end

    void stopListening() {
        listening = false;
    }

    /// Says goodbye to all and ends.
    void leave() {
        stop();
        connections().forEach(Connection::close);
        end();
    }

    /// The process is gone; its machine tells those who were connected.
    void crash() {
        stop();
        links().forEach(Link::breakLoudly);
        end();
    }

    /// The machine is gone, and nobody tells.
    void loseItsMachine() {
        stop();
        links().forEach(Link::goSilent);
        end();
    }

    private List<Link> links() {
        return connections.values().stream()
                .flatMap(List::stream)
                .map(MemoryConnection::link)
                .toList();
    }

    private void stop() {
        up = false;
        listening = false;
    }

    private void end() {
        for (var held : List.copyOf(connections.values())) {
            List.copyOf(held).forEach(connection -> connection.closed("the process ended"));
        }
        List.copyOf(running).forEach(Thread::interrupt);
    }

    @Override
    public String toString() {
        return name;
    }
}
