// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.ping;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.testing.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PingClientTest {
    private static final int PAYLOAD = 32;

    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);

    @AfterEach
    void stop() {
        loops.shutdownGracefully();
    }

    @Test
    @Clause("ping-1")
    void pingsAPeerOnOneStreamAtATimeWhoeverAsks() throws Exception {
        var open = new AtomicInteger();
        var most = new AtomicInteger();
        try (var alice = new TestNode("alice", loops);
                var bob = new TestNode("bob", loops);
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            bob.serve(
                    PingClient.PROTOCOL,
                    stream -> {
                        most.accumulateAndGet(open.incrementAndGet(), Math::max);
                        var payload = stream.read(PAYLOAD);
                        open.decrementAndGet(); // before the other side can have its answer
                        stream.write(payload);
                    });
            var connection = alice.dial(bob);
            var ping = new PingClient();
            Callable<Object> call = () -> ping.ping(connection);

            var trips = callers.invokeAll(Stream.generate(() -> call).limit(20).toList());

            assertThat(trips).allSatisfy(trip -> assertThat(trip.get()).isNotNull());
            assertThat(most).hasValue(1);
        }
    }
}
