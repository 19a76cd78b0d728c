// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialDataRequest;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialDataResponse;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialRequest;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV2Message.DialResponse;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.testing.TestHosts;
import network.chiral.edge.libp2p.testing.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The servers of both versions, asked by a client that says what it likes.
@Timeout(90)
class AutoNatServerTest {
    private static final Multiaddr CLOSED = Multiaddr.parse("/ip4/127.0.0.1/tcp/1");
    private static final Multiaddr FOREIGN_CLOSED = Multiaddr.parse("/ip4/127.0.0.2/tcp/1");
    private static final long NONCE = 0x8765432112345678L;

    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
    private final List<AutoCloseable> open = new ArrayList<>();
    private final BlockingQueue<Long> nonces = new LinkedBlockingQueue<>();
    private Host server;
    private TestNode client;
    private Connection connection;

    private static AutoNatLimits limits(int perPeer, int dialData) {
        return new AutoNatLimits(
                60,
                perPeer,
                dialData,
                30,
                3,
                Duration.ofSeconds(10),
                Duration.ofMillis(400),
                Duration.ZERO);
    }

    @BeforeEach
    void start() throws Exception {
        client = new TestNode("client", loops);
        open.add(client);
        client.serve(
                AutoNatV2Server.DIAL_BACK,
                stream -> {
                    nonces.add(AutoNatV2Codec.parseDialBack(stream.readMessage(100)));
                    stream.writeMessage(AutoNatV2Codec.dialBackResponse());
                });
        serve(limits(12, 12), AddressScope.ANY);
    }

    private void serve(AutoNatLimits limits, AddressScope scope) throws Exception {
        server =
                TestHosts.start(
                        TestHosts.settings("server" + open.size())
                                .scope(scope)
                                .autonat(
                                        new AutoNatSettings(
                                                true, false, limits, Duration.ofSeconds(5))),
                        loops);
        open.add(server);
        connection = client.dial(server.peerId(), server.listening());
    }

    @AfterEach
    void stop() throws Exception {
        for (var one : open) {
            one.close();
        }
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private network.chiral.edge.libp2p.swarm.Stream request(Multiaddr... addresses)
            throws IOException {
        var stream = connection.open(AutoNatV2Server.DIAL_REQUEST);
        stream.deadline(Duration.ofSeconds(30));
        var listed = Stream.of(addresses).map(Optional::of).toList();
        stream.writeMessage(AutoNatV2Codec.toBytes(new DialRequest(listed, NONCE)));
        return stream;
    }

    private static AutoNatV2Message answer(network.chiral.edge.libp2p.swarm.Stream stream)
            throws IOException {
        return AutoNatV2Codec.parse(stream.readMessage(AutoNatV2Message.MAX_LENGTH));
    }

    // --- version 2

    @Test
    @Clause({"A8", "autonat-v2-ok", "autonat-v2-close"})
    void bringsTheNonceBackAndSaysSo() throws Exception {
        var stream = request(client.address());

        assertThat(answer(stream))
                .isEqualTo(new DialResponse(AutoNatV2Status.OK, 0, DialStatus.OK));
        assertThat(nonces).containsExactly(NONCE);
        assertThat(stream.atEnd()).isTrue();
    }

    @Test
    @Clause({"A4", "autonat-v2-one-address"})
    void dialsTheFirstAcceptableAddressAndNoOther() throws Exception {
        var circuit = Multiaddr.parse(CLOSED + "/p2p/" + server.peerId() + "/p2p-circuit");
        var others = Multiaddr.parse("/ip4/127.0.0.1/tcp/9/p2p/" + server.peerId());
        var udp = Multiaddr.parse("/ip4/127.0.0.1/udp/9/quic-v1");
        var nowhere = Multiaddr.parse("/ip4/0.0.0.0/tcp/9");

        var stream = request(udp, circuit, others, nowhere, CLOSED, client.address());

        assertThat(answer(stream))
                .isEqualTo(new DialResponse(AutoNatV2Status.OK, 4, DialStatus.E_DIAL_ERROR));
        assertThat(nonces).isEmpty();
    }

    @Test
    @Clause("autonat-v2-dial-back-error")
    void saysThatTheNonceCouldNotBeBrought() throws Exception {
        client.swarm().withdraw(AutoNatV2Server.DIAL_BACK);

        assertThat(answer(request(client.address())))
                .isEqualTo(new DialResponse(AutoNatV2Status.OK, 0, DialStatus.E_DIAL_BACK_ERROR));
    }

    @Test
    @Clause({"A5", "autonat-v2-dial-data"})
    void asksForDataBeforeItDialsAnotherIpAndTakesALargerLastPiece() throws Exception {
        try (var victim = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.2"))) {
            var stream = request(Multiaddr.parse("/ip4/127.0.0.2/tcp/" + victim.getLocalPort()));
            var price = (DialDataRequest) answer(stream);

            assertThat(price.index()).isZero();
            assertThat(price.bytes()).isBetween(30_000L, 100_000L);
            assertThat(connects(victim)).isFalse();
            for (long sent = 0; sent < price.bytes(); sent += 4096) {
                assertThat(connects(victim)).isFalse();
                stream.writeMessage(AutoNatV2Codec.toBytes(new DialDataResponse(4096)));
            }
            victim.setSoTimeout(20_000);
            victim.accept().close();
            assertThat(answer(stream))
                    .isEqualTo(new DialResponse(AutoNatV2Status.OK, 0, DialStatus.E_DIAL_ERROR));
        }
    }

    private static boolean connects(ServerSocket victim) throws IOException {
        victim.setSoTimeout(5);
        try {
            victim.accept().close();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4097, 99, 0})
    @Clause("A5")
    void endsTheConversationAtAPieceThatIsTooLongOrTooShort(int length) throws Exception {
        var stream = request(FOREIGN_CLOSED);
        answer(stream);

        stream.writeMessage(AutoNatV2Codec.toBytes(new DialDataResponse(length)));

        assertThatThrownBy(() -> answer(stream)).isInstanceOf(IOException.class);
    }

    @Test
    @Clause("A5")
    void takesASmallPieceWhereNothingElseIsMissing() throws Exception {
        var stream = request(FOREIGN_CLOSED);
        var price = (DialDataRequest) answer(stream);
        int odd = 100 + (int) ((price.bytes() - 101) % 3_000);
        stream.writeMessage(AutoNatV2Codec.toBytes(new DialDataResponse(odd)));
        for (long left = price.bytes() - 1 - odd; left > 0; left -= 3_000) {
            stream.writeMessage(AutoNatV2Codec.toBytes(new DialDataResponse(3_000)));
        }

        stream.writeMessage(AutoNatV2Codec.toBytes(new DialDataResponse(1)));

        assertThat(answer(stream)).isInstanceOf(DialResponse.class);
    }

    @Test
    @Clause("A5")
    void sellsNoMoreDialsToOtherIpsThanItsLimit() throws Exception {
        serve(limits(12, 1), AddressScope.ANY);
        var first = request(FOREIGN_CLOSED);
        assertThat(answer(first)).isInstanceOf(DialDataRequest.class);
        first.reset();

        assertThat(answer(request(FOREIGN_CLOSED)))
                .isEqualTo(DialResponse.without(AutoNatV2Status.E_REQUEST_REJECTED));
        assertThat(answer(request(CLOSED))).isInstanceOf(DialResponse.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/127.0.0.1/tcp/80",
                "/ip4/10.0.0.1/tcp/80",
                "/ip4/192.168.1.1/tcp/80",
                "/ip4/169.254.169.254/tcp/80", // where clouds keep their secrets
                "/ip4/100.64.0.1/tcp/80",
                "/ip4/224.0.0.1/tcp/80",
                "/ip4/0.0.0.0/tcp/80",
                "/ip6/::1/tcp/80",
                "/ip6/::ffff:127.0.0.1/tcp/80",
                "/ip6/fd00::1/tcp/80",
                "/ip6/fe80::1/tcp/80",
                "/ip6/64:ff9b::7f00:1/tcp/80",
                "/dns4/localhost/tcp/80"
            })
    @Clause({"A6", "autonat-v2-private"})
    void dialsNothingThatIsNotPublic(String address) throws Exception {
        serve(limits(12, 12), AddressScope.PUBLIC);

        assertThat(answer(request(Multiaddr.parse(address))))
                .isEqualTo(DialResponse.without(AutoNatV2Status.E_DIAL_REFUSED));
    }

    @Test
    void refusesAnEmptyList() throws Exception {
        assertThat(answer(request()))
                .isEqualTo(DialResponse.without(AutoNatV2Status.E_DIAL_REFUSED));
    }

    @Test
    @Clause("autonat-v2-rejected")
    void rejectsMoreRequestsOfAPeerThanItsLimit() throws Exception {
        serve(limits(2, 12), AddressScope.ANY);
        for (int i = 0; i < 2; i++) {
            assertThat(answer(request(CLOSED))).isInstanceOf(DialResponse.class);
        }

        assertThat(answer(request(CLOSED)))
                .isEqualTo(DialResponse.without(AutoNatV2Status.E_REQUEST_REJECTED));
    }

    @Test
    void endsAStreamThatOpensWithAnythingElse() throws Exception {
        var stream = connection.open(AutoNatV2Server.DIAL_REQUEST);
        stream.deadline(Duration.ofSeconds(30));
        stream.writeMessage(AutoNatV2Codec.toBytes(new DialDataResponse(5)));

        assertThatThrownBy(() -> answer(stream)).isInstanceOf(IOException.class);
    }

    // --- version 1

    private AutoNatV1Message.DialResponse dial(Multiaddr... addresses) throws IOException {
        return dial(new AutoNatV1Message.Dial(client.peerId(), List.of(addresses)));
    }

    private AutoNatV1Message.DialResponse dial(AutoNatV1Message.Dial dial) throws IOException {
        var stream = connection.open(AutoNatV1Server.PROTOCOL);
        stream.deadline(Duration.ofSeconds(30));
        stream.writeMessage(AutoNatV1Codec.toBytes(dial));
        return (AutoNatV1Message.DialResponse)
                AutoNatV1Codec.parse(stream.readMessage(AutoNatV1Message.MAX_LENGTH));
    }

    @Test
    @Clause({"autonat-v1-ok", "autonat-v1-address"})
    void saysWhichAddressItReached() throws Exception {
        var response = dial(CLOSED, client.address());

        assertThat(response.status()).isEqualTo(AutoNatV1Status.OK);
        assertThat(response.address()).contains(client.address());
    }

    @Test
    @Clause("autonat-v1-dial-error")
    void saysThatItReachedNone() throws Exception {
        assertThat(dial(CLOSED).status()).isEqualTo(AutoNatV1Status.E_DIAL_ERROR);
    }

    @Test
    @Clause({"A1", "autonat-v1-observed-ip"})
    void dialsNoOtherIpThanTheOneItSeesTheClientAt() throws Exception {
        try (var victim = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.2"))) {
            var response = dial(Multiaddr.parse("/ip4/127.0.0.2/tcp/" + victim.getLocalPort()));

            assertThat(response.status()).isEqualTo(AutoNatV1Status.E_DIAL_ERROR);
            assertThat(connects(victim)).isFalse();
        }
    }

    @Test
    @Clause("A3")
    void refusesMoreThanThreeDialsAMinute() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(dial(client.address()).status()).isEqualTo(AutoNatV1Status.OK);
        }

        assertThat(dial(client.address()).status()).isEqualTo(AutoNatV1Status.E_DIAL_REFUSED);
    }

    @Test
    void refusesAListWithoutAnAddressThatItDials() throws Exception {
        var circuit = Multiaddr.parse(CLOSED + "/p2p/" + server.peerId() + "/p2p-circuit");

        assertThat(dial(circuit).status()).isEqualTo(AutoNatV1Status.E_DIAL_REFUSED);
        assertThat(dial().status()).isEqualTo(AutoNatV1Status.E_DIAL_REFUSED);
    }

    @Test
    void refusesAPeerThatIsNotSeenAtAPublicAddress() throws Exception {
        serve(limits(12, 12), AddressScope.PUBLIC);

        assertThat(dial(client.address()).status()).isEqualTo(AutoNatV1Status.E_DIAL_REFUSED);
    }

    @Test
    void takesNoRequestForSomebodyElse() throws Exception {
        var dial = new AutoNatV1Message.Dial(server.peerId(), List.of(client.address()));

        assertThat(dial(dial).status()).isEqualTo(AutoNatV1Status.E_BAD_REQUEST);
    }
}
