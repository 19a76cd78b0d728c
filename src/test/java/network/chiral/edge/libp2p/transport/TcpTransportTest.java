// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.libp2p.testing.Eventually;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpTransportTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private EventLoopGroup loops;

    private TcpTransport transport(String kind) {
        if (kind.equals("epoll")) {
            assumeThat(Epoll.isAvailable()).as("epoll is only on Linux").isTrue();
            loops = new EpollEventLoopGroup(1);
        } else {
            loops = new NioEventLoopGroup(1);
        }
        return new TcpTransport(loops, loops);
    }

    @AfterEach
    void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static int listen(TcpTransport transport) {
        var channel =
                transport
                        .listen(loopback(), new ChannelInboundHandlerAdapter())
                        .syncUninterruptibly()
                        .channel();
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void dialsFromThePortThatItListensOn(String kind) throws Exception {
        var transport = transport(kind);
        int own = listen(transport);
        transport.shareListenPorts(true);
        Eventually.holds(
                "the port is shared",
                () -> transport.listenPort(InetAddress.getLoopbackAddress()).isPresent());

        try (var first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (var target : List.of(first, second)) {
                var from = transport.listenPort(target.getInetAddress());
                transport
                        .dial(
                                (InetSocketAddress) target.getLocalSocketAddress(),
                                from,
                                PATIENCE,
                                new ChannelInboundHandlerAdapter())
                        .sync();

                assertThat(target.accept().getPort()).isEqualTo(own);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void namesNoPortToDialFromWhileNoneIsShared(String kind) {
        var transport = transport(kind);
        listen(transport);

        var before = transport.listenPort(InetAddress.getLoopbackAddress());
        transport.shareListenPorts(true);
        transport.shareListenPorts(false);

        assertThat(before).isEqualTo(OptionalInt.empty());
        assertThat(transport.listenPort(InetAddress.getLoopbackAddress())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void takesNoIpv6AtTheWildcardOfIpv4(String kind) throws Exception {
        var transport = transport(kind);
        var wildcard = InetAddress.ofLiteral("0.0.0.0");

        var bound =
                (InetSocketAddress)
                        transport
                                .listen(
                                        new InetSocketAddress(wildcard, 0),
                                        new ChannelInboundHandlerAdapter())
                                .syncUninterruptibly()
                                .channel()
                                .localAddress();

        assertThat(bound.getAddress()).isEqualTo(wildcard);
        try (var four = new Socket("127.0.0.1", bound.getPort())) {
            assertThat(four.isConnected()).isTrue();
        }
        assertThatThrownBy(() -> new Socket("::1", bound.getPort()).close())
                .isInstanceOf(IOException.class);
    }
}
