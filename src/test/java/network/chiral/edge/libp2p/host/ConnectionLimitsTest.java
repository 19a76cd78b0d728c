// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.protocol.ping.PingClient;
import network.chiral.edge.libp2p.swarm.AdmissionLimits;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.ConnectionLimits;
import network.chiral.edge.libp2p.swarm.DialException;
import network.chiral.edge.libp2p.swarm.HandshakeFailure;
import network.chiral.edge.libp2p.swarm.ShareLimits;
import network.chiral.edge.libp2p.swarm.StreamRefusal;
import network.chiral.edge.libp2p.swarm.SwarmListener;
import network.chiral.edge.libp2p.swarm.TrimRules;
import network.chiral.edge.libp2p.testing.Eventually;
import network.chiral.edge.libp2p.testing.TestHosts;
import network.chiral.edge.libp2p.testing.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Limits of a host whose loopback is an address like any other; 127.0.0.x are as many addresses.
@Timeout(120)
class ConnectionLimitsTest {
    private static final byte[] HEADER =
            "\u0013/multistream/1.0.0\n".getBytes(StandardCharsets.UTF_8);
    private static final ProtocolId SLOW = new ProtocolId("/slow");
    private static final TrimRules NO_TRIMMING =
            new TrimRules(0, 0, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1));

    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
    private final List<Host> hosts = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final Queue<HandshakeFailure> failures = new ConcurrentLinkedQueue<>();
    private final Queue<StreamRefusal> refusedStreams = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
        hosts.forEach(Host::close);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private Host relay(AdmissionLimits admission) throws IOException {
        var host =
                start(
                        TestHosts.settings("relay")
                                .connections(ConnectionLimits.DEFAULT.with(admission))
                                .trimming(NO_TRIMMING));
        host.onSwarm(listener());
        return host;
    }

    private SwarmListener listener() {
        return new SwarmListener() {
            @Override
            public void onHandshakeFailed(
                    Connection.Direction direction, HandshakeFailure failure) {
                failures.add(failure);
            }

            @Override
            public void onStreamRefused(Connection connection, StreamRefusal why) {
                refusedStreams.add(why);
            }
        };
    }

    private Host start(HostSettings settings) throws IOException {
        var host = TestHosts.start(settings, loops);
        hosts.add(host);
        return host;
    }

    private Host client(String name) throws IOException {
        return start(TestHosts.settings(name).listen(List.of()));
    }

    private static AdmissionLimits perIp(int connections, int handshakes, double rate, int burst) {
        return new AdmissionLimits(
                2,
                AdmissionLimits.prefixes(connections, handshakes, rate, burst),
                List.of(IpPrefix.parse("127.0.0.128/25")),
                false,
                0,
                1,
                0);
    }

    private static Connection dial(Host from, Host to) throws IOException, InterruptedException {
        return from.dial(to.peerId(), to.listening(), true);
    }

    /// A socket from `local` that says hello and is answered, or null where it is closed.
    private boolean isLetIn(Host host, String local) throws IOException {
        var to = host.listening().getFirst().tcpSocket().orElseThrow();
        var socket = new Socket();
        sockets.add(socket);
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(local), 0));
        socket.connect(new InetSocketAddress(to.getAddress(), to.getPort()));
        socket.setSoTimeout(30_000);
        try {
            socket.getOutputStream().write(HEADER);
            return socket.getInputStream().readNBytes(20).length == 20;
        } catch (IOException e) {
            return false; // reset: it was closed with our bytes unread
        }
    }

    /// What was told, once there is as much of it; it may come after the remote saw its socket closed.
    private static <T> List<T> told(Queue<T> events, int count) {
        Eventually.holds(count + " events", () -> events.size() >= count);
        return List.copyOf(events);
    }

    @Test
    @Clause("conn-5")
    void closesASocketTooManyFromOneAddressBeforeItSaidAnything() throws Exception {
        var relay = relay(perIp(2, 0, 0, 0));
        dial(client("alice"), relay);
        dial(client("bob"), relay);
        Eventually.holds("both are there", () -> relay.connectionCount() == 2);

        assertThatThrownBy(() -> dial(client("carol"), relay)).isInstanceOf(DialException.class);

        assertThat(told(failures, 1)).containsOnly(HandshakeFailure.TOO_MANY_OF_PREFIX);
        assertThat(isLetIn(relay, "127.0.0.2")).isTrue();
        for (int i = 0; i < 10; i++) {
            assertThat(isLetIn(relay, "127.0.0.200")).as("trusted").isTrue();
        }
    }

    @Test
    @Clause("conn-5")
    void boundsTheHandshakesOfOneAddress() throws Exception {
        var relay = relay(perIp(0, 3, 0, 0));

        for (int address = 2; address < 12; address++) {
            for (int i = 0; i < 3; i++) {
                assertThat(isLetIn(relay, "127.0.0." + address)).isTrue();
            }
            assertThat(isLetIn(relay, "127.0.0." + address)).isFalse();
        }

        assertThat(told(failures, 10))
                .hasSize(10)
                .containsOnly(HandshakeFailure.TOO_MANY_HANDSHAKES_OF_PREFIX);
        assertThat(relay.usage().handshakes()).isEqualTo(30);
        sockets.removeFirst().close();
        Eventually.holds("a place is free", () -> relay.usage().handshakes() == 29);
        assertThat(isLetIn(relay, "127.0.0.2")).isTrue();
    }

    @Test
    @Clause("conn-5")
    void boundsHowFastOneAddressComes() throws Exception {
        var relay = relay(perIp(0, 0, 0.001, 2));

        assertThat(isLetIn(relay, "127.0.0.2")).isTrue();
        assertThat(isLetIn(relay, "127.0.0.2")).isTrue();
        assertThat(isLetIn(relay, "127.0.0.2")).isFalse();

        assertThat(isLetIn(relay, "127.0.0.3")).isTrue();
        assertThat(told(failures, 1)).containsExactly(HandshakeFailure.TOO_FAST);
    }

    @Test
    @Clause("conn-5")
    void closesTheConnectionTooManyOfOnePeer() throws Exception {
        var relay = relay(perIp(0, 0, 0, 0));
        dial(client("alice"), relay);
        dial(client("alice"), relay);
        Eventually.holds("both are there", () -> relay.connectionCount() == 2);

        var third = dial(client("alice"), relay);

        Eventually.holds("it is closed", () -> !third.isOpen());
        assertThat(told(failures, 1)).containsExactly(HandshakeFailure.TOO_MANY_OF_PEER);
        assertThat(relay.connectionCount()).isEqualTo(2);
        assertThat(relay.peerCount()).isEqualTo(1);
    }

    @Test
    @Clause({"Y3", "conn-7"})
    void resetsTheStreamTooManyOfOnePeer() throws Exception {
        var relay = relay(perIp(0, 0, 0, 0));
        var alice = client("alice");
        var connection = dial(alice, relay);
        Eventually.holds("it is identified", () -> relay.info(alice.peerId()).isPresent());
        Eventually.holds("that stream is gone", () -> relay.usage().streams() == 0);
        var first = connection.open(PingClient.PROTOCOL);
        first.write(new byte[32]);
        first.read(32);

        var second = connection.open(PingClient.PROTOCOL);

        assertThatThrownBy(() -> second.read(32)).isInstanceOf(IOException.class);
        assertThat(told(refusedStreams, 1)).containsExactly(StreamRefusal.TOO_MANY_OF_PEER);
        first.write(new byte[32]);
        assertThat(first.read(32)).hasSize(32);
    }

    @Test
    @Clause("conn-7")
    void resetsWhatOnePeerHoldsBeyondItsShareAndSparesTheOthers() throws Exception {
        var limits = AdmissionLimits.DEFAULT.with(new ShareLimits(0, 100_000, 0));
        var read = new CountDownLatch(1);
        try (var node = new TestNode("node", loops, ConnectionLimits.DEFAULT.with(limits))) {
            node.swarm().addListener(listener());
            node.serve(
                    SLOW,
                    stream -> {
                        read.await();
                        stream.write(stream.read(90_000));
                    });
            var greedy = client("alice").dial(node.peerId(), List.of(node.address()), true);
            var modest = client("bob").dial(node.peerId(), List.of(node.address()), true);
            var hers = greedy.open(SLOW);
            var his = modest.open(SLOW);
            his.write(new byte[90_000]);
            Eventually.holds("held", () -> node.swarm().usage().bufferedBytes() == 90_000);

            hers.write(new byte[120_000]);

            assertThat(told(refusedStreams, 1)).containsExactly(StreamRefusal.MEMORY_OF_PEER);
            assertThat(node.swarm().usage().bufferedBytes()).isEqualTo(90_000);
            read.countDown();
            assertThat(his.read(90_000)).hasSize(90_000);
        }
    }

    @Test
    @Clause("conn-7")
    void resetsTheStreamTooManyOfOneAddress() throws Exception {
        var limits =
                new AdmissionLimits(8, List.of(), List.of(), false, 0, 0, 0)
                        .with(new ShareLimits(1, 0, 0));
        var relay = relay(limits);
        var alice = client("alice");
        var first = dial(alice, relay);
        Eventually.holds("it is identified", () -> relay.info(alice.peerId()).isPresent());
        Eventually.holds("that stream is gone", () -> relay.usage().streams() == 0);
        var held = first.open(PingClient.PROTOCOL);
        held.write(new byte[32]);
        held.read(32);

        var second = dial(client("bob"), relay).open(PingClient.PROTOCOL);

        assertThatThrownBy(() -> second.read(32)).isInstanceOf(IOException.class);
        assertThat(told(refusedStreams, 1)).contains(StreamRefusal.TOO_MANY_OF_PREFIX);
    }

    @Test
    void holdsAndFreesEveryPlaceThroughAThousandSockets() throws Exception {
        var relay = relay(perIp(4, 4, 0, 0));
        for (int i = 0; i < 1_000; i++) {
            isLetIn(relay, "127.0.0." + (2 + i % 100));
            if (i % 4 == 3) {
                sockets.removeFirst().close();
            }
        }
        assertThat(relay.usage().handshakes()).isLessThanOrEqualTo(400);

        for (var socket : sockets) {
            socket.close();
        }

        Eventually.holds("all places are free", () -> relay.usage().handshakes() == 0);
        assertThat(isLetIn(relay, "127.0.0.2")).isTrue();
    }

    @Test
    void endsHandshakesUnderWayWhenItCloses() throws Exception {
        var relay = relay(perIp(0, 0, 0, 0));
        assertThat(isLetIn(relay, "127.0.0.2")).isTrue();

        relay.close();

        assertThat(sockets.getFirst().getInputStream().read()).isEqualTo(-1);
        Eventually.holds("nothing is left", () -> relay.usage().handshakes() == 0);
        assertThat(told(failures, 1)).containsExactly(HandshakeFailure.SHUTTING_DOWN);
    }
}
