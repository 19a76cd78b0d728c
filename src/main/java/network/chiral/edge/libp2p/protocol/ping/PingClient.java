// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.ping;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
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

    /// Sends one ping on a stream of its own. Blocks.
    public Duration ping(Connection connection) throws IOException {
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
