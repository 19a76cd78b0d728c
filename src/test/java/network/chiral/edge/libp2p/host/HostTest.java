// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.identify.IdentifyService;
import network.chiral.edge.libp2p.protocol.identify.PeerInfo;
import network.chiral.edge.libp2p.protocol.ping.PingClient;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.protocol.relay.RelayLimits;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.ConnectionLimits;
import network.chiral.edge.libp2p.swarm.DialException;
import network.chiral.edge.libp2p.swarm.HandshakeFailure;
import network.chiral.edge.libp2p.swarm.SwarmListener;
import network.chiral.edge.libp2p.testing.Eventually;
import network.chiral.edge.libp2p.testing.TestHosts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class HostTest {
    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
    private Host alice;
    private Host bob;

    @BeforeEach
    void start() throws Exception {
        alice = TestHosts.start("alice", loops);
        bob = TestHosts.start("bob", loops);
    }

    @AfterEach
    void stop() {
        alice.close();
        bob.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    // --- dialling

    @Test
    @Clause("conn-1")
    void knowsBothSidesByTheirIdentityAfterADial() throws Exception {
        var connection = alice.dial(bob.peerId(), bob.listening(), false);

        assertThat(connection.remotePeer()).isEqualTo(bob.peerId());
        assertThat(connection.direction()).isEqualTo(Connection.Direction.OUTBOUND);
        Eventually.holds("bob sees alice", () -> bob.connection(alice.peerId()).isPresent());
        assertThat(bob.connection(alice.peerId()).orElseThrow().direction())
                .isEqualTo(Connection.Direction.INBOUND);
    }

    @Test
    @Clause({"I2", "identify-1"})
    void describesItselfToBothSides() throws Exception {
        alice.dial(bob.peerId(), bob.listening(), false);

        Eventually.holds("alice knows bob", () -> alice.info(bob.peerId()).isPresent());
        Eventually.holds("bob knows alice", () -> bob.info(alice.peerId()).isPresent());

        var told = alice.info(bob.peerId()).map(PeerInfo::agentVersion);
        assertThat(told).contains("test/bob");
        assertThat(bob.info(alice.peerId()).map(PeerInfo::protocolVersion))
                .contains("/chiral/1.0.0");
        assertThat(alice.info(bob.peerId()).orElseThrow().listenAddresses())
                .isEqualTo(bob.announced());
        assertThat(alice.info(bob.peerId()).orElseThrow().protocols())
                .containsExactlyInAnyOrder(
                        HopService.HOP,
                        IdentifyService.PROTOCOL,
                        IdentifyService.PUSH,
                        PingClient.PROTOCOL);
    }

    @Test
    void forgetsWhatAPeerToldWhenItLeaves() throws Exception {
        var connection = alice.dial(bob.peerId(), bob.listening(), false);
        Eventually.holds("bob knows alice", () -> bob.info(alice.peerId()).isPresent());

        connection.close();

        Eventually.holds("bob forgot alice", () -> bob.info(alice.peerId()).isEmpty());
        assertThat(bob.connectionCount()).isZero();
        assertThat(bob.peerCount()).isZero();
    }

    @Test
    void keepsEachConnectionThatItHasJustDialled() throws Exception {
        for (int i = 0; i < 40; i++) {
            var connection = alice.dial(bob.peerId(), bob.listening(), false);

            assertThat(alice.ping(connection)).as("dial %d", i).isPositive();
            connection.close();
            Eventually.holds("it is closed", () -> alice.connectionCount() == 0);
        }
    }

    @Test
    void opensOneConnectionHoweverManyThreadsDialAtOnce() throws Exception {
        var connections = ConcurrentHashMap.<Connection>newKeySet();
        var start = new CountDownLatch(1);
        var threads = new HashSet<Thread>();
        for (int i = 0; i < 50; i++) {
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    start.await();
                                    connections.add(
                                            alice.dial(bob.peerId(), bob.listening(), false));
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            }));
        }

        start.countDown();
        for (var thread : threads) {
            thread.join();
        }

        assertThat(connections).hasSize(1);
        assertThat(alice.connectionCount()).isEqualTo(1);
        Eventually.holds("bob counts one", () -> bob.connectionCount() == 1);
    }

    @Test
    void saysThatNothingListensAndLeavesTheAddressAloneForAWhile() throws Exception {
        var dead = List.of(deadAddress());

        var first = fault(() -> alice.dial(bob.peerId(), dead, false));
        var second = fault(() -> alice.dial(bob.peerId(), dead, false));
        var forced = fault(() -> alice.dial(bob.peerId(), dead, true));

        assertThat(first.reasons()).containsValue(DialException.Reason.REFUSED);
        assertThat(first.isTransient()).isTrue();
        assertThat(second.reasons()).containsValue(DialException.Reason.BACKOFF);
        assertThat(forced.reasons()).containsValue(DialException.Reason.REFUSED);
    }

    @Test
    void reachesAPeerWhoseFirstAddressIsDead() throws Exception {
        var addresses = List.of(deadAddress(), bob.listening().getFirst());

        var connection = alice.dial(bob.peerId(), addresses, false);

        assertThat(connection.remotePeer()).isEqualTo(bob.peerId());
    }

    @Test
    @Clause("N2")
    void refusesAnotherPeerAtTheAddressAndReachesTheRightOneThereAllTheSame() throws Exception {
        var fault = fault(() -> alice.dial(peer("carol"), bob.listening(), false));

        var connection = alice.dial(bob.peerId(), bob.listening(), false);

        assertThat(fault.reasons()).containsValue(DialException.Reason.HANDSHAKE);
        assertThat(connection.remotePeer()).isEqualTo(bob.peerId());
        assertThat(alice.connection(peer("carol"))).isEmpty();
    }

    @Test
    void dialsNothingThatIsNoPlainTcp() {
        var addresses =
                List.of(
                        Multiaddr.parse("/ip4/127.0.0.1/udp/1/quic-v1"),
                        Multiaddr.parse("/ip4/127.0.0.1/tcp/1/ws"),
                        Multiaddr.parse("/ip4/0.0.0.0/tcp/1"),
                        Multiaddr.parse("/ip4/127.0.0.1/tcp/1/p2p-circuit"));

        var fault = fault(() -> alice.dial(bob.peerId(), addresses, false));

        assertThat(fault.reasons().values())
                .hasSize(4)
                .containsOnly(DialException.Reason.NOT_DIALABLE);
    }

    @Test
    void saysThatThereIsNoAddressToDial() {
        var fault = fault(() -> alice.dial(bob.peerId(), List.of(), false));

        assertThat(fault).hasMessageContaining("no address");
    }

    @Test
    void dialsNotItself() {
        assertThatThrownBy(() -> alice.dial(alice.peerId(), alice.listening(), false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closesItsSocketWhenADialToASilentListenerIsInterrupted() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var dialled = new CompletableFuture<Throwable>();
            var dial =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    alice.dial(bob.peerId(), List.of(address(silent)), false);
                                } catch (Exception e) {
                                    dialled.complete(e);
                                }
                            });
            try (var accepted = silent.accept()) {
                accepted.setSoTimeout(30_000);
                dial.interrupt();

                assertThat(dialled.get(30, TimeUnit.SECONDS))
                        .isInstanceOf(InterruptedException.class);
                while (accepted.getInputStream().read() >= 0) {
                    // the proposal, which was sent before
                }
            }
        }
    }

    @Test
    void goesOnDiallingForTheOthersWhenOneOfThemIsInterrupted() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var impatient =
                    Thread.ofVirtual().unstarted(() -> dialQuietly(List.of(address(silent))));
            impatient.start();
            try (var accepted = silent.accept()) {
                var other = new CompletableFuture<Connection>();
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                other.complete(alice.dial(bob.peerId(), bob.listening(), false));
                            } catch (Exception e) {
                                other.completeExceptionally(e);
                            }
                        });

                impatient.interrupt();

                assertThat(other.get(30, TimeUnit.SECONDS).remotePeer()).isEqualTo(bob.peerId());
                assertThat(accepted.isConnected()).isTrue();
            }
        }
    }

    @Test
    void givesASilentListenerUpAtTheDeadline() throws Exception {
        alice.close();
        alice =
                TestHosts.start(
                        "alice",
                        loops,
                        RelayLimits.CHIRAL,
                        TestHosts.limits(10, Duration.ofMillis(500)));
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var fault = fault(() -> alice.dial(bob.peerId(), List.of(address(silent)), false));

            assertThat(fault.reasons()).containsValue(DialException.Reason.TIMEOUT);
        }
    }

    // --- protocols

    @Test
    @Clause("P1")
    void answersPings() throws Exception {
        var connection = alice.dial(bob.peerId(), bob.listening(), false);

        for (int i = 0; i < 10; i++) {
            assertThat(alice.ping(connection)).isPositive();
        }
    }

    @Test
    @Clause({"P1", "P2", "P3"})
    void answersTwoPingStreamsAtOnceAndResetsTheThird() throws Exception {
        var connection = alice.dial(bob.peerId(), bob.listening(), false);
        var first = connection.open(PingClient.PROTOCOL);
        var second = connection.open(PingClient.PROTOCOL);
        first.write(new byte[32]);
        second.write(new byte[32]);
        first.read(32);
        second.read(32);

        var third = connection.open(PingClient.PROTOCOL);

        assertThatThrownBy(() -> third.read(32)).isInstanceOf(IOException.class);
        first.closeWrite();
        assertThat(first.atEnd()).isTrue();
        assertThat(alice.ping(connection)).isPositive();
        second.write(new byte[64]);
        second.read(64);
    }

    @Test
    @Clause({"I1", "I2", "R18", "conn-8"})
    void tellsItsPeersThatItRelaysNoLongerWhenItDrains() throws Exception {
        alice.dial(bob.peerId(), bob.listening(), false);
        Eventually.holds(
                "alice knows that bob relays",
                () -> alice.info(bob.peerId()).map(i -> i.speaks(HopService.HOP)).orElse(false));
        Eventually.holds("bob knows alice", () -> bob.info(alice.peerId()).isPresent());

        bob.drain();

        Eventually.holds(
                "alice knows that bob relays no longer",
                () -> !alice.info(bob.peerId()).map(i -> i.speaks(HopService.HOP)).orElse(true));
        assertThat(bob.isListening()).isFalse();
        assertThat(bob.connection(alice.peerId())).isPresent();
    }

    @Test
    @Clause("yamux-10")
    void saysGoodbyeWhenItCloses() throws Exception {
        alice.dial(bob.peerId(), bob.listening(), false);
        Eventually.holds("bob sees alice", () -> bob.connectionCount() == 1);

        bob.close();

        Eventually.holds("alice saw it", () -> alice.connectionCount() == 0);
    }

    // --- those who mean no good

    @Test
    @Clause("conn-4")
    void closesASocketThatDoesNotShakeHandsInTime() throws Exception {
        var strict =
                TestHosts.start(
                        "strict",
                        loops,
                        RelayLimits.CHIRAL,
                        TestHosts.limits(10, Duration.ofMillis(500)));
        var failures = failures(strict);
        try (var slow = socket(strict)) {
            slow.getOutputStream().write(19);

            assertThat(slow.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(failures.get(30, TimeUnit.SECONDS)).isEqualTo(HandshakeFailure.TIMEOUT);
        strict.close();
    }

    @Test
    @Clause("multistream-2")
    void closesASocketThatSpeaksSomethingElse() throws Exception {
        var failures = failures(bob);
        try (var browser = socket(bob)) {
            browser.getOutputStream()
                    .write(
                            ("GET / HTTP/1.1\r\n" + "X: y\r\n".repeat(20))
                                    .getBytes(StandardCharsets.UTF_8));

            assertThat(browser.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(failures.get(30, TimeUnit.SECONDS)).isEqualTo(HandshakeFailure.PROTOCOL);
    }

    @Test
    @Clause("noise-9")
    void closesASocketWhoseHandshakeIsEndless() throws Exception {
        try (var flood = socket(bob)) {
            var out = flood.getOutputStream();
            out.write("\u0013/multistream/1.0.0\n\u0007/noise\n".getBytes(StandardCharsets.UTF_8));
            out.write(new byte[] {(byte) 0xFF, (byte) 0xFF});
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 1_000; i++) {
                                    out.write(new byte[65_536]);
                                }
                            })
                    .isInstanceOf(IOException.class);
        }
        assertThat(alice.dial(bob.peerId(), bob.listening(), false).isOpen()).isTrue();
    }

    @Test
    @Clause("conn-3")
    void takesNoMoreConnectionsThanTheLimitAndCountsHandshakesUnderWay() throws Exception {
        var small =
                TestHosts.start(
                        "small",
                        loops,
                        RelayLimits.CHIRAL,
                        TestHosts.limits(2, ConnectionLimits.DEFAULT.handshakeDeadline()));
        alice.dial(small.peerId(), small.listening(), false);
        try (var under = socket(small)) {
            under.getOutputStream().write("\u0013/multistream/1.0.0\n".getBytes());
            assertThat(under.getInputStream().readNBytes(20)).hasSize(20);

            var fault = fault(() -> bob.dial(small.peerId(), small.listening(), false));

            assertThat(fault.reasons()).containsValue(DialException.Reason.REFUSED);
        }
        Eventually.holds(
                "the place is free again",
                () -> {
                    dialQuietly(bob, small);
                    return bob.connection(small.peerId()).isPresent();
                });
        small.close();
    }

    // --- helpers

    private interface Dial {
        Connection run() throws IOException, InterruptedException;
    }

    private static DialException fault(Dial dial) {
        return catchThrowableOfType(DialException.class, dial::run);
    }

    private void dialQuietly(List<Multiaddr> addresses) {
        try {
            alice.dial(bob.peerId(), addresses, true);
        } catch (IOException | InterruptedException expected) {
            // the test looks at what is left
        }
    }

    private static void dialQuietly(Host from, Host to) {
        try {
            from.dial(to.peerId(), to.listening(), true);
        } catch (IOException | InterruptedException expected) {
            // the test looks at what is left
        }
    }

    private static CompletableFuture<HandshakeFailure> failures(Host host) {
        var first = new CompletableFuture<HandshakeFailure>();
        host.onSwarm(
                new SwarmListener() {
                    @Override
                    public void onHandshakeFailed(
                            Connection.Direction direction, HandshakeFailure failure) {
                        first.complete(failure);
                    }
                });
        return first;
    }

    private static Socket socket(Host host) throws IOException {
        var address = host.listening().getFirst().tcpSocket().orElseThrow();
        var socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static Multiaddr address(ServerSocket socket) {
        return Multiaddr.ofTcp((java.net.InetSocketAddress) socket.getLocalSocketAddress());
    }

    private static Multiaddr deadAddress() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return address(socket);
        }
    }
}
