// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.access;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import network.chiral.edge.node.reload.BadFile;
import network.chiral.edge.node.reload.FileReader.Line;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessLinesTest {
    private static List<Line> lines(String... texts) {
        return IntStream.range(0, texts.length).mapToObj(i -> new Line(i + 1, texts[i])).toList();
    }

    @Test
    void readPeersAndPrefixes() throws Exception {
        var entries =
                AccessLines.entries(
                        lines(peer("alice").toString(), "192.0.2.0/24", "2001:db8::/32 # lab"));

        assertThat(entries.peers()).containsExactly(peer("alice"));
        assertThat(entries.prefixes().size()).isEqualTo(2);
        assertThat(entries.prefixes().holds(InetAddress.ofLiteral("2001:db8::1"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "192.0.2.0/33", "12D3KooW", "example.net"})
    void nameTheLineThatIsNeither(String entry) {
        assertThatThrownBy(() -> AccessLines.entries(lines("192.0.2.1", entry)))
                .isInstanceOf(BadFile.class)
                .hasMessageStartingWith("line 2: ");
    }

    @Test
    void readTokensAsTheyStand() throws Exception {
        var tokens = AccessLines.tokens(lines("old one", "new:one"));

        assertThat(tokens.stream().map(String::new)).containsExactly("old one", "new:one");
    }

    @Test
    void takeNoFileWithoutATokenOrWithTooManyOrTooLongOnes() {
        var many = new String[AccessLines.MAX_TOKENS + 1];
        Arrays.setAll(many, i -> "token " + i);

        for (var bad : List.of(lines(), lines(many), lines("ok", "x".repeat(1_025)))) {
            assertThatThrownBy(() -> AccessLines.tokens(bad))
                    .isInstanceOf(BadFile.class)
                    .hasMessageNotContaining("xxx");
        }
    }

    @Test
    void readAutonomousSystemsInTheUsualForms() throws Exception {
        var known =
                AccessLines.asns(
                        lines(
                                "192.0.2.0/24,64500",
                                "198.51.100.0/24\tAS64501",
                                "2001:db8::/32 4200000000"));

        assertThat(known.longest(InetAddress.ofLiteral("192.0.2.1")).orElseThrow().getValue())
                .isEqualTo(64_500);
        assertThat(known.longest(InetAddress.ofLiteral("198.51.100.1")).orElseThrow().getValue())
                .isEqualTo(64_501);
        assertThat(known.size()).isEqualTo(3);
        assertThatThrownBy(() -> AccessLines.asns(lines("192.0.2.0/24")))
                .isInstanceOf(BadFile.class);
        assertThatThrownBy(() -> AccessLines.asns(lines("192.0.2.0/24,x")))
                .isInstanceOf(BadFile.class);
    }
}
