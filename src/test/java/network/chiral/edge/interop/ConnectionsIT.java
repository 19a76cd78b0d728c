// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.nio.NioEventLoopGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.DialException;
import network.chiral.edge.libp2p.testing.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whom the node lets in and whom it closes.
class ConnectionsIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @RegisterExtension final Processes processes = new Processes();

    @TempDir Path dataDir;

    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
    private final List<TestNode> crowd = new ArrayList<>();

    @AfterEach
    void disperse() {
        crowd.forEach(TestNode::close);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void join(EdgeProcess edge, String name) throws Exception {
        var address = Multiaddr.parse(edge.address());
        var node = new TestNode(name, loops);
        crowd.add(node);
        node.dial(PeerId.parse(edge.peerId()), List.of(address));
    }

    @ParameterizedTest
    @EnumSource
    @Clause({"R19", "conn-6"})
    void aReservedPeerOutlivesAFlood(PeerLanguage language) throws Exception {
        var edge =
                processes.edge(
                        dataDir,
                        Map.of(
                                "CHIRAL_CONNECTIONS_HIGH_WATER", "12",
                                "CHIRAL_CONNECTIONS_LOW_WATER", "6",
                                "CHIRAL_CONNECTIONS_GRACE", "1s",
                                "CHIRAL_CONNECTIONS_TRIM_INTERVAL", "1s"));
        var reserved = processes.peer(language);
        reserved.call("connect", "addr", edge.address());
        reserved.call("reserve", "addr", edge.address());

        for (int i = 0; i < 40; i++) {
            join(edge, "flood " + i);
        }

        Patience.until(SOON, () -> edge.metric("chiral_connections"), open -> open <= 12);
        assertThat(edge.metric("chiral_connections_trimmed_total")).isGreaterThanOrEqualTo(28);
        reserved.call("ping", "peer", edge.peerId(), "count", 1);
        var source = processes.peer(PeerLanguage.GO);
        source.call("connect", "addr", edge.address());
        source.connectThrough(edge, reserved);
        source.call("echo", "peer", reserved.id(), "bytes", 1024);
    }

    @Test
    @Clause("conn-5")
    void theOneTooManyFromOneAddressIsTurnedAwayAndCounted() throws Exception {
        var edge =
                processes.edge(
                        dataDir,
                        Map.of(
                                "CHIRAL_CONNECTIONS_PER_IP", "3",
                                "CHIRAL_CONNECTIONS_TRUST_LOOPBACK", "false"));
        for (int i = 0; i < 3; i++) {
            join(edge, "peer " + i);
        }

        assertThatThrownBy(() -> join(edge, "one too many")).isInstanceOf(DialException.class);

        assertThat(edge.metric("chiral_connections_refused_total")).isEqualTo(1);
        assertThat(edge.metric("libp2p_rcmgr_blocked_resources")).isEqualTo(1);
        assertThat(edge.metric("libp2p_rcmgr_connections")).isEqualTo(3);
    }
}
