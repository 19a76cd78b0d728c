// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.testing.Eventually;
import network.chiral.edge.libp2p.testing.TestHosts;
import network.chiral.edge.libp2p.testing.TestKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListenAddressesTest {
    private final NioEventLoopGroup loops = new NioEventLoopGroup(1);

    @AfterEach
    void stop() {
        loops.shutdownGracefully();
    }

    private Host host(List<String> listen, List<String> announce, AddressScope scope) {
        return new Host(
                new HostSettings(TestKeys.CRYPTO, TestKeys.identity("listener"))
                        .listen(listen.stream().map(Multiaddr::parse).toList())
                        .announce(announce.stream().map(Multiaddr::parse).toList())
                        .scope(scope),
                loops,
                loops,
                Clock.systemUTC());
    }

    @Test
    void takesBothFamiliesOnOnePort() throws Exception {
        try (var host =
                        host(
                                List.of("/ip4/0.0.0.0/tcp/0", "/ip6/::/tcp/0"),
                                List.of(),
                                AddressScope.ANY);
                var peer = TestHosts.start("peer", loops)) {
            host.start();

            var connection = peer.dial(host.peerId(), loopback(host), false);

            assertThat(connection.isOpen()).isTrue();
            assertThat(host.listening().stream().map(Multiaddr::port).distinct()).hasSize(1);
        }
    }

    @Test
    @Clause({"addr-1", "conn-1"})
    void listensAndDialsOnIpv6() throws Exception {
        assumeTrue(hasIpv6Loopback(), "there is no IPv6 here");
        try (var host = host(List.of("/ip6/::1/tcp/0"), List.of(), AddressScope.ANY);
                var peer = TestHosts.start("peer", loops)) {
            host.start();
            assertThat(host.listening().getFirst().toString()).startsWith("/ip6/::1/tcp/");

            var connection = peer.dial(host.peerId(), host.listening(), false);

            assertThat(peer.ping(connection)).isPositive();
            Eventually.holds("the host sees it", () -> host.connectionCount() == 1);
            var seen = host.connection(peer.peerId()).orElseThrow();
            assertThat(seen.remoteAddress().toString()).startsWith("/ip6/::1/tcp/");
        }
    }

    private static boolean hasIpv6Loopback() {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Multiaddr> loopback(Host host) {
        var first = host.listeningSpelledOut().getFirst();
        assertThat(first).hasToString("/ip4/127.0.0.1/tcp/" + first.port());
        return List.of(first);
    }

    @Test
    void listensOnSeveralAddresses() throws Exception {
        try (var host =
                host(
                        List.of("/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.2/tcp/0"),
                        List.of(),
                        AddressScope.ANY)) {
            host.start();

            assertThat(host.announced())
                    .extracting(Multiaddr::ip)
                    .doesNotHaveDuplicates()
                    .hasSize(2);
        }
    }

    @Test
    void saysWhichAddressIsTaken() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = "/ip4/127.0.0.1/tcp/" + taken.getLocalPort();
            var host = host(List.of(address), List.of(), AddressScope.ANY);

            assertThatThrownBy(host::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(String.valueOf(taken.getLocalPort()));
            host.close();
        }
    }

    @Test
    @Clause("record-6")
    void announcesNothingThatIsOutOfScope() throws Exception {
        var announce = List.of("/ip4/10.0.0.1/tcp/4001", "/dns4/relay.example.net/tcp/4001");
        try (var host = host(List.of("/ip4/127.0.0.1/tcp/0"), announce, AddressScope.PUBLIC)) {
            host.start();

            assertThat(host.announced())
                    .isEqualTo(
                            Stream.of("/dns4/relay.example.net/tcp/4001")
                                    .map(Multiaddr::parse)
                                    .toList());
        }
    }
}
