// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relayauth;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.testing.Eventually;
import network.chiral.edge.libp2p.testing.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(90)
class RelayAuthServiceTest {
    private final NioEventLoopGroup loops = new NioEventLoopGroup(2);
    private final RelayAuthService auth = new RelayAuthService(Clock.systemUTC());
    private TestNode relay;
    private TestNode client;
    private Connection connection;

    @BeforeEach
    void connect() throws Exception {
        relay = new TestNode("relay", loops);
        relay.serve(RelayAuthService.PROTOCOL, auth::onStream);
        relay.swarm().addListener(auth);
        client = new TestNode("client", loops);
        connection = client.dial(relay);
        auth.tokens(tokens("old token", "new token"));
    }

    @AfterEach
    void disconnect() {
        client.close();
        relay.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static List<byte[]> tokens(String... texts) {
        return java.util.Arrays.stream(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private int show(String token) throws IOException {
        var bytes = token.getBytes(StandardCharsets.UTF_8);
        return send(
                ByteBuffer.allocate(4 + bytes.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(bytes.length)
                        .put(bytes)
                        .array());
    }

    private int send(byte[] request) throws IOException {
        var stream = connection.open(RelayAuthService.PROTOCOL);
        stream.deadline(Duration.ofSeconds(60));
        stream.write(request);
        stream.closeWrite();
        int answer = stream.read(1)[0];
        assertThat(stream.atEnd()).isTrue();
        return answer;
    }

    @Test
    @Clause("relay-auth-1")
    void takesEachTokenThatIsGood() throws Exception {
        assertThat(auth.isAuthorised(client.peerId())).isFalse();

        assertThat(show("old token")).isEqualTo(1);
        assertThat(show("new token")).isEqualTo(1);

        assertThat(auth.isAuthorised(client.peerId())).isTrue();
        assertThat(auth.isAuthorised(peer("another"))).isFalse();
    }

    @ParameterizedTest
    @Clause({"relay-auth-1", "relay-auth-2"})
    @ValueSource(
            strings = {
                "",
                "00",
                "00000000",
                "ffffffff",
                "01040000", // no length, too short or too long
                "050000006f6c64", // fewer bytes than it says
                "090000006f6c6420746f6b6575", // one bit wrong
                "000000096f6c6420746f6b656e", // the highest byte first
            })
    void answersNoToWhatIsNoToken(String hex) throws Exception {
        assertThat(send(HexFormat.of().parseHex(hex))).isZero();

        assertThat(auth.isAuthorised(client.peerId())).isFalse();
    }

    @Test
    @Clause("relay-auth-3")
    void looksAtNoMoreThanTenWrongTokensOfAPeer() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(show("guess " + i)).isZero();
        }

        assertThat(show("new token")).isZero();
    }

    @Test
    @Clause("relay-auth-3")
    void countsNoGoodToken() throws Exception {
        for (int i = 0; i < 30; i++) {
            assertThat(show("new token")).isEqualTo(1);
        }
    }

    @Test
    @Clause("relay-auth-4")
    void forgetsAPeerThatLeft() throws Exception {
        show("new token");

        connection.close();

        Eventually.holds("it is forgotten", () -> auth.authorisedCount() == 0);
    }

    @Test
    @Clause("relay-auth-4")
    void forgetsWhoHasShownATokenThatIsGone() throws Exception {
        show("old token");

        auth.tokens(tokens("new token", "newer token"));

        assertThat(auth.isAuthorised(client.peerId())).isFalse();
        assertThat(show("old token")).isZero();
        assertThat(show("newer token")).isEqualTo(1);
    }
}
