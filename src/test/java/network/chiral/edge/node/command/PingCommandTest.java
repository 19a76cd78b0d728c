// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import network.chiral.edge.libp2p.testing.TestHosts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PingCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private OptionalInt run(String line) {
        return Commands.run(
                List.of(line.split(" ")),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @Test
    void tellsHowLongAPeerTook() throws Exception {
        var loops = new NioEventLoopGroup(1);
        try (var host = TestHosts.start("pinged", loops)) {
            var address = host.announced().getFirst().withPeer(host.peerId().bytes());

            var code = run("ping --count 3 " + address);

            assertThat(code).hasValue(0);
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .matches(
                            "\\{\"peer\":\""
                                    + host.peerId()
                                    + "\",\"address\":\"/ip4/127.0.0.1/tcp/\\d+\","
                                    + "\"handshakePlusOneRttMillis\":\\d+\\.\\d{3},"
                                    + "\"pingRttMillis\":\\[\\d+\\.\\d{3},\\d+\\.\\d{3},\\d+\\.\\d{3}]}\n");
        } finally {
            loops.shutdownGracefully();
        }
    }

    @Test
    void failsWhereNobodyIs() {
        var nobody =
                "/ip4/127.0.0.1/tcp/1/p2p/12D3KooWPpHhpPEt4aTDTKCroU2UATztebnp5bjjBd9Hvu6gcGD4";

        var code = run("ping " + nobody);

        assertThat(code).hasValue(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("/ip4/127.0.0.1/tcp/1");
        assertThat(out.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ping",
                "ping x",
                "ping /ip4/127.0.0.1/tcp/1",
                "ping --count 0 /ip4/127.0.0.1/tcp/1",
                "ping --count many /ip4/127.0.0.1/tcp/1",
                "ping a b"
            })
    void saysHowItIsUsed(String line) {
        var code = run(line);

        assertThat(code).hasValue(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("usage: chiral-edge ping");
    }
}
