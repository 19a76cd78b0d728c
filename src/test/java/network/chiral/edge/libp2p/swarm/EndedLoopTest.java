// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.testing.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A connection whose event loop has ended, as when a node stops while a protocol is at work.
@Timeout(60)
class EndedLoopTest {
    private final NioEventLoopGroup ours = new NioEventLoopGroup(1);
    private final NioEventLoopGroup theirs = new NioEventLoopGroup(1);

    @AfterEach
    void stop() {
        end(ours);
        end(theirs);
    }

    private static void end(NioEventLoopGroup loops) {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void takesNoStreamAndSaysSo() throws Exception {
        try (var node = new TestNode("node", ours);
                var peer = new TestNode("peer", theirs)) {
            var connection = node.dial(peer);

            end(ours);

            assertThatThrownBy(() -> connection.open(new ProtocolId("/test")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("event loop");
            assertThatCode(connection::close).doesNotThrowAnyException();
        }
    }
}
