// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.ping;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.ProtocolViolation;

/// Measures the round trip to a peer.
public final class PingClient {
    public static final ProtocolId PROTOCOL = new ProtocolId("/ipfs/ping/1.0.0");

    /// Streams that are answered at once on one connection (ping/ping.md: one per peer; two let a
    /// remote open a new one before the old is gone).
    public static final int STREAMS_PER_CONNECTION = 2;

    private static final int PAYLOAD = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(20); // rust's and Chiral's

    private final Map<PeerId, Turn> turns = new ConcurrentHashMap<>();

    /// Whose turn it is to ping a peer: one stream at a time (ping/ping.md).
    private static final class Turn {
        private final ReentrantLock lock = new ReentrantLock(true);
        private int users; // guarded by the map
    }

    /// Sends one ping on a stream of its own, after those to the same peer that are under way. Blocks.
    public Duration ping(Connection connection) throws IOException {
        var peer = connection.remotePeer();
        var turn =
                turns.compute(
                        peer,
                        (_, held) -> {
                            var mine = held == null ? new Turn() : held;
                            mine.users++;
                            return mine;
                        });
        turn.lock.lock();
        try {
            return measure(connection);
        } finally {
            turn.lock.unlock();
            turns.compute(peer, (_, held) -> --turn.users == 0 ? null : held);
        }
    }

    private static Duration measure(Connection connection) throws IOException {
        var stream = connection.open(PROTOCOL);
        stream.deadline(PATIENCE);
        var payload = new byte[PAYLOAD];
        ThreadLocalRandom.current().nextBytes(payload);
        long sent = System.nanoTime();
        stream.write(payload);
        var answer = stream.read(PAYLOAD);
        long took = System.nanoTime() - sent;
        if (!Arrays.equals(payload, answer)) {
            stream.reset();
            throw new ProtocolViolation("a ping that came back changed");
        }
        stream.closeWrite();
        return Duration.ofNanos(took);
    }
}
