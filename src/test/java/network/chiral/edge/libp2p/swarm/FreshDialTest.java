// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.channel.nio.NioEventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.testing.Eventually;
import network.chiral.edge.libp2p.testing.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class FreshDialTest {
    private static final ProtocolId ECHO = new ProtocolId("/test/echo");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
    private TestNode alice;
    private TestNode bob;

    @BeforeEach
    void start() throws Exception {
        alice = new TestNode("alice", loops);
        bob = new TestNode("bob", loops);
        for (var node : List.of(alice, bob)) {
            node.serve(ECHO, stream -> stream.writeMessage(stream.readMessage(10)));
        }
    }

    @AfterEach
    void stop() {
        alice.close();
        bob.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private Connection dial() throws Exception {
        return alice.dialer().dialFresh(bob.peerId(), bob.address(), PATIENCE);
    }

    @Test
    @Clause("A7")
    void dialsThoughThereIsAConnectionAndFromAPortOfItsOwn() throws Exception {
        var open = alice.dial(bob);

        var fresh = dial();

        assertThat(fresh).isNotSameAs(open);
        assertThat(fresh.remotePeer()).isEqualTo(bob.peerId());
        var port = fresh.localSocket().map(InetSocketAddress::getPort).orElseThrow();
        assertThat(port)
                .isNotEqualTo(alice.address().port())
                .isNotEqualTo(open.localSocket().map(InetSocketAddress::getPort).orElseThrow());
        Eventually.holds("bob has both", () -> bob.swarm().connections().size() == 2);
    }

    @Test
    void isSeenByNobodyHere() throws Exception {
        var told = new CopyOnWriteArrayList<Connection>();
        alice.swarm()
                .addListener(
                        new SwarmListener() {
                            @Override
                            public void onConnected(Connection connection) {
                                told.add(connection);
                            }

                            @Override
                            public void onDisconnected(
                                    Connection connection, boolean last, String reason) {
                                told.add(connection);
                            }
                        });

        var fresh = dial();
        assertThat(alice.swarm().connection(bob.peerId())).isEmpty();
        assertThat(alice.swarm().connectionCount()).isZero();
        fresh.close();

        Eventually.holds("it is closed", () -> !fresh.isOpen());
        assertThat(told).isEmpty();
        assertThat(alice.swarm().connectionCount()).isZero();
    }

    @Test
    void opensStreamsAndServesNone() throws Exception {
        var fresh = dial();

        var stream = fresh.open(ECHO);
        stream.writeMessage(new byte[] {7});
        assertThat(stream.readMessage(10)).containsExactly(7);
        Eventually.holds("bob has it", () -> bob.swarm().connectionCount() == 1);
        var other = bob.swarm().connections().getFirst();
        assertThat(other.remotePeer()).isNotEqualTo(alice.peerId());
        var back = other.open(ECHO);
        back.deadline(PATIENCE);
        var refused = catchThrowableOfType(UnsupportedProtocol.class, () -> back.readMessage(10));

        assertThat(refused).isNotNull();
    }

    @Test
    void saysWhyThereIsNoConnection() throws Exception {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var deaf = Multiaddr.ofTcp((InetSocketAddress) silent.getLocalSocketAddress());

            assertThat(reason(deaf, Duration.ofMillis(300)))
                    .isEqualTo(DialException.Reason.TIMEOUT);
        }
        assertThat(reason(Multiaddr.parse("/ip4/127.0.0.1/tcp/1"), PATIENCE))
                .isEqualTo(DialException.Reason.REFUSED);
        assertThat(reason(Multiaddr.parse("/dns4/localhost/tcp/1"), PATIENCE))
                .isEqualTo(DialException.Reason.NOT_DIALABLE);
        var mismatch =
                catchThrowableOfType(
                        DialException.class,
                        () -> alice.dialer().dialFresh(peer("carol"), bob.address(), PATIENCE));
        assertThat(mismatch.reasons()).containsValue(DialException.Reason.HANDSHAKE);
    }

    private DialException.Reason reason(Multiaddr address, Duration patience) {
        var fault =
                catchThrowableOfType(
                        DialException.class,
                        () -> alice.dialer().dialFresh(bob.peerId(), address, patience));
        return fault.reasons().values().iterator().next();
    }
}
