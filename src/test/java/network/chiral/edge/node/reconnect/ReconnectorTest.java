// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reconnect;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.libp2p.crypto.CryptoProviders;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.host.HostSettings;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.node.LoopbackProfile;
import org.junit.jupiter.api.Test;

/// What the annotations on the dialers really do, with sockets that are counted.
@QuarkusTest
@TestProfile(LoopbackProfile.class)
class ReconnectorTest {
    private static final int PEERS = 100;

    @Inject PeerDialer dialer;

    @Test
    void leavesNoSocketAndNoPermitBehindWhenAHundredPeersStaySilent() throws Exception {
        try (var silent = new SilentListener()) {
            for (int round = 1; round <= 2; round++) {
                int before = silent.accepted();
                long began = System.nanoTime();

                var outcomes = dialAll(silent.port());

                var took = Duration.ofNanos(System.nanoTime() - began);
                assertThat(outcomes)
                        .as("round %d", round)
                        .isEqualTo(Map.of(DialOutcome.TIMED_OUT, PEERS));
                assertThat(silent.accepted() - before).as("dials started").isEqualTo(PEERS);
                assertThat(took).isBetween(Duration.ofMillis(4_900), Duration.ofMillis(8_000));
                assertThat(silent.stillOpenAfter(Duration.ofSeconds(5))).isZero();
            }
        }
    }

    @Test
    void triesAgainWhileAPeerRefusesAndFindsItWhenItStarts() throws Exception {
        var late = new LatePeer();
        var starting = late.startAfter(Duration.ofMillis(700));

        var outcome = dialer.dial(new ReconnectPlan.Target(late.peerId(), late.addresses()));

        assertThat(outcome).isEqualTo(DialOutcome.CONNECTED);
        starting.join();
        late.close();
    }

    @Test
    void givesUpAPeerThatGoesOnRefusing() throws Exception {
        var outcome = dialer.dial(target(freePort()));

        assertThat(outcome).isEqualTo(DialOutcome.FAILED);
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /// A host that is known before it listens.
    private static final class LatePeer implements AutoCloseable {
        private final NioEventLoopGroup loops = new NioEventLoopGroup(1);
        private final List<Multiaddr> addresses;
        private final Host host;

        LatePeer() throws IOException {
            var crypto = CryptoProviders.select("java").provider();
            addresses = List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + freePort()));
            var settings =
                    new HostSettings(crypto, Identity.random(crypto))
                            .listen(addresses)
                            .scope(AddressScope.ANY);
            host = new Host(settings, loops, loops, Clock.systemUTC());
        }

        PeerId peerId() {
            return host.peerId();
        }

        List<Multiaddr> addresses() {
            return addresses;
        }

        CompletableFuture<Void> startAfter(Duration delay) {
            var later = CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS);
            return CompletableFuture.runAsync(
                    () -> {
                        try {
                            host.start();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    later);
        }

        @Override
        public void close() {
            host.close();
            loops.shutdownGracefully();
        }
    }

    private Map<DialOutcome, Integer> dialAll(int port) throws InterruptedException {
        var outcomes = new EnumMap<DialOutcome, Integer>(DialOutcome.class);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < PEERS; i++) {
            var target = target(port);
            threads.add(Thread.ofVirtual().start(() -> record(outcomes, target)));
        }
        for (var thread : threads) {
            thread.join();
        }
        return outcomes;
    }

    private void record(Map<DialOutcome, Integer> outcomes, ReconnectPlan.Target target) {
        try {
            var outcome = dialer.dial(target);
            synchronized (outcomes) {
                outcomes.merge(outcome, 1, Integer::sum);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static ReconnectPlan.Target target(int port) {
        PeerId nobody = Identity.random(CryptoProviders.select("java").provider()).peerId();
        return new ReconnectPlan.Target(
                nobody, List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port)));
    }

    /// Accepts and never says a word.
    private static final class SilentListener implements AutoCloseable {
        private final ServerSocket server =
                new ServerSocket(0, 2 * PEERS, InetAddress.getLoopbackAddress());
        private final ConcurrentLinkedQueue<Socket> sockets = new ConcurrentLinkedQueue<>();

        SilentListener() throws IOException {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            while (true) {
                                sockets.add(server.accept());
                            }
                        } catch (IOException e) {
                            // closed at the end of the test
                        }
                    });
        }

        int port() {
            return server.getLocalPort();
        }

        int accepted() {
            return sockets.size();
        }

        /// Reads each socket to its end, and counts those that have none in time.
        int stillOpenAfter(Duration patience) throws InterruptedException {
            var ended = new CountDownLatch(sockets.size());
            for (var socket : sockets) {
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                socket.getInputStream().readAllBytes();
                            } catch (IOException e) {
                                // a reset is an end too
                            }
                            ended.countDown();
                        });
            }
            ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
            return (int) ended.getCount();
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (var socket : sockets) {
                socket.close();
            }
        }
    }
}
