// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.nio.NioEventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.testing.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Several addresses of a peer at once, one of which leads to it.
@Timeout(60)
class DirectDialTest {
    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static Multiaddr address(ServerSocket socket) {
        return Multiaddr.ofTcp((InetSocketAddress) socket.getLocalSocketAddress());
    }

    @Test
    @Clause("dcutr-8")
    void givesUpTheOtherAttemptsOnceOneHasConnected() throws Exception {
        try (var alice = new TestNode("alice", loops);
                var bob = new TestNode("bob", loops);
                var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var addresses = List.of(address(silent), bob.address());

            var connection =
                    alice.dialer()
                            .dialDirect(
                                    bob.peerId(),
                                    addresses,
                                    DirectRole.ALONE,
                                    Duration.ofSeconds(50));

            assertThat(connection.remotePeer()).isEqualTo(bob.peerId());
            silent.setSoTimeout(30_000);
            try (var attempt = silent.accept()) {
                attempt.setSoTimeout(30_000);
                attempt.getInputStream().readAllBytes(); // ends where the attempt was given up
            }
            assertThat(alice.swarm().connections()).hasSize(1);
        }
    }

    @Test
    void dialsNothingOutOfScopeAndNoName() throws Exception {
        try (var alice = new TestNode("alice", loops)) {
            var names = List.of(Multiaddr.parse("/dns4/localhost/tcp/1"));

            assertThatThrownBy(() ->
                            alice.dialer()
                                    .dialDirect(
                                            alice.peerId(),
                                            names,
                                            DirectRole.ALONE,
                                            Duration.ofSeconds(50)))
                    .isInstanceOf(DialException.class);
        }
    }
}
