// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.ping.PingClient;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.protocol.relay.RelayLimits;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.SwarmListener;
import network.chiral.edge.libp2p.swarm.TrimReason;
import network.chiral.edge.libp2p.swarm.TrimRules;
import network.chiral.edge.libp2p.testing.Eventually;
import network.chiral.edge.libp2p.testing.TestHosts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Connections that nobody needs are closed, and those that somebody needs are not.
@Timeout(120)
class TrimmingTest {
    private static final byte[] RESERVE = {2, 8, 0}; // with its length
    private static final Duration OFTEN = Duration.ofMillis(100);

    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
    private final List<Host> hosts = new ArrayList<>();
    private final Map<PeerId, TrimReason> trimmed = new ConcurrentHashMap<>();

    @AfterEach
    void stop() {
        hosts.forEach(Host::close);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private Host relay(int high, int low, Duration grace, Duration idle) throws IOException {
        var host =
                start(
                        TestHosts.settings("relay")
                                .trimming(new TrimRules(high, low, grace, idle, OFTEN)));
        host.onSwarm(
                new SwarmListener() {
                    @Override
                    public void onTrimmed(Connection connection, TrimReason reason) {
                        trimmed.put(connection.remotePeer(), reason);
                    }
                });
        return host;
    }

    private Host start(HostSettings settings) throws IOException {
        var host = TestHosts.start(settings, loops);
        hosts.add(host);
        return host;
    }

    private Connection connect(String name, Host relay) throws Exception {
        var client = start(TestHosts.settings(name).listen(List.of()));
        return client.dial(relay.peerId(), relay.listening(), true);
    }

    private static void reserve(Connection connection) throws IOException {
        var stream = connection.open(HopService.HOP);
        stream.write(RESERVE);
        assertThat(stream.readMessage(4096)).isNotEmpty();
    }

    private static PeerId peer(String name) {
        return TestHosts.settings(name).identity().peerId();
    }

    @Test
    @Clause({"R19", "conn-6"})
    void aReservedPeerOutlivesAFlood() throws Exception {
        var relay = relay(5, 2, Duration.ofMillis(500), Duration.ZERO);
        var reserved = connect("reserved", relay);
        reserve(reserved);

        for (int i = 0; i < 12; i++) {
            connect("flood " + i, relay);
        }

        Eventually.holds("the flood is gone", () -> relay.connectionCount() <= 5);
        assertThat(trimmed).doesNotContainKey(peer("reserved")).hasSizeGreaterThanOrEqualTo(7);
        assertThat(trimmed).containsValue(TrimReason.HIGH_WATER);
        assertThat(reserved.isOpen()).isTrue();
        reserve(reserved);
    }

    @Test
    void closesWhatNobodyUsesAndSaysGoodbye() throws Exception {
        var relay = relay(0, 0, Duration.ZERO, Duration.ofMillis(1_500));
        var reserved = connect("reserved", relay);
        reserve(reserved);

        var idle = connect("idle", relay);

        Eventually.holds("it is closed", () -> !idle.isOpen());
        assertThat(trimmed).containsOnlyKeys(peer("idle")).containsValue(TrimReason.IDLE);
        assertThat(reserved.isOpen()).isTrue();
    }

    @Test
    @Clause("relay-keep-1")
    void keepsTheConnectionOfAReservationOnBothItsSides() throws Exception {
        var rules = new TrimRules(0, 0, Duration.ZERO, Duration.ofMillis(1_500), OFTEN);
        var relay = relay(0, 0, Duration.ZERO, Duration.ofMillis(1_500));
        var friend = start(TestHosts.settings("friend"));
        var address = relay.listening().getFirst().withPeer(relay.peerId().bytes());
        var edge =
                start(
                        TestHosts.settings("edge")
                                .listen(List.of())
                                .trimming(rules)
                                .edge(new EdgeSettings(List.of(address), 1, List.of())));
        edge.edge().activate(true);
        Eventually.holds("reserved", () -> edge.edge().reservations().size() == 1);
        var kept = edge.connection(relay.peerId()).orElseThrow();

        var unused = edge.dial(friend.peerId(), friend.listening(), true);
        var stranger = connect("stranger", relay);

        Eventually.holds("the edge closes another", () -> !unused.isOpen());
        Eventually.holds("the relay closes another", () -> !stranger.isOpen());
        assertThat(kept.isOpen()).isTrue();
        assertThat(relay.relay().isReserved(edge.peerId())).isTrue();
    }

    @Test
    @Clause("relay-keep-2")
    void closesNoConnectionBecauseItsReservationHasEnded() throws Exception {
        var usual = RelayLimits.CHIRAL;
        var brief =
                new RelayLimits(
                        usual.reservations(),
                        Duration.ofSeconds(1),
                        usual.reservationsPerAddress(),
                        usual.circuits(),
                        usual.circuitsPerPeer(),
                        usual.allowance());
        var relay = start(TestHosts.settings("relay").relay(brief));
        var connection = connect("reserved", relay);
        reserve(connection);
        assertThat(relay.relay().isReserved(peer("reserved"))).isTrue();

        Eventually.holds("it ends", () -> !relay.relay().isReserved(peer("reserved")));

        assertThat(relay.ping(relay.connection(peer("reserved")).orElseThrow())).isPositive();
        reserve(connection);
        assertThat(relay.relay().isReserved(peer("reserved"))).isTrue();
    }

    @Test
    void takesPingsForNoUse() throws Exception {
        var relay = relay(0, 0, Duration.ZERO, Duration.ofMillis(1_500));

        var idle = connect("idle", relay);
        var ping = idle.open(PingClient.PROTOCOL);
        ping.write(new byte[32]);
        ping.read(32);

        Eventually.holds("it is closed", () -> !idle.isOpen());
    }

    @Test
    void keepsWhomTheNodeAsksToKeep() throws Exception {
        var relay = relay(0, 0, Duration.ZERO, Duration.ofMillis(1_500));
        relay.keep(peer("friend")::equals);

        var friend = connect("friend", relay);
        var stranger = connect("stranger", relay);

        Eventually.holds("the stranger is closed", () -> !stranger.isOpen());
        assertThat(friend.isOpen()).isTrue();
    }
}
