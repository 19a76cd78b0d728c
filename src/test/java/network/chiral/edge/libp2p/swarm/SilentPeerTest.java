// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.libp2p.testing.Eventually;
import network.chiral.edge.libp2p.testing.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A peer whose socket stands and says nothing.
@Timeout(90)
class SilentPeerTest {
    private static final ConnectionLimits USUAL = ConnectionLimits.DEFAULT;
    private static final ConnectionLimits IMPATIENT =
            new ConnectionLimits(
                    USUAL.connections(),
                    USUAL.inboundHandshakes(),
                    USUAL.handshakeDeadline(),
                    Duration.ofSeconds(3),
                    USUAL.windowGrowthBytes());

    private final NioEventLoopGroup ours = new NioEventLoopGroup(1);
    private final NioEventLoopGroup theirs = new NioEventLoopGroup(1);
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void stop() {
        over.countDown();
        ours.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        theirs.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void isGivenUp() throws Exception {
        try (var node = new TestNode("node", ours, IMPATIENT);
                var peer = new TestNode("peer", theirs)) {
            var connection = node.dial(peer);
            Eventually.holds("measured at once", () -> connection.roundTrip().isPresent());

            theirs.execute(this::sayNothing);

            Eventually.holds("closed", () -> node.swarm().connectionCount() == 0);
            assertThat(connection.isOpen()).isFalse();
            over.countDown();
        }
    }

    private void sayNothing() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
