// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import org.junit.jupiter.api.Test;

class ObservedTableTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Multiaddr ONE = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");
    private static final Multiaddr TWO = Multiaddr.parse("/ip4/192.0.2.2/tcp/4001");

    private final ObservedTable table = new ObservedTable();

    private static Multiaddr address(int port) {
        return Multiaddr.parse("/ip4/192.0.2.1/tcp/" + port);
    }

    @Test
    void putsFirstWhatMostPeersSee() {
        table.seen(ONE, peer("alice"), NOON);
        table.seen(TWO, peer("bob"), NOON);
        table.seen(TWO, peer("carol"), NOON);

        assertThat(table.addresses(NOON)).containsExactly(TWO, ONE);
    }

    @Test
    void countsAPeerOnceHoweverOftenItSpeaks() {
        for (int i = 0; i < 10; i++) {
            table.seen(ONE, peer("alice"), NOON);
        }
        table.seen(TWO, peer("bob"), NOON);
        table.seen(TWO, peer("carol"), NOON);

        assertThat(table.addresses(NOON)).containsExactly(TWO, ONE);
    }

    @Test
    void forgetsWhatNobodyHasNamedForHalfAnHour() {
        table.seen(ONE, peer("alice"), NOON);
        table.seen(TWO, peer("alice"), NOON);
        table.seen(TWO, peer("bob"), NOON.plus(Duration.ofMinutes(20)));

        assertThat(table.addresses(NOON.plus(Duration.ofMinutes(30)))).hasSize(2);
        assertThat(table.addresses(NOON.plus(Duration.ofMinutes(31)))).containsExactly(TWO);
        assertThat(table.addresses(NOON.plus(Duration.ofMinutes(51)))).isEmpty();
    }

    @Test
    void remembersBoundedlyManyAndTheYoungestOfThem() {
        for (int port = 1; port <= 1_000; port++) {
            table.seen(address(port), peer("alice"), NOON);
        }

        assertThat(table.addresses(NOON))
                .hasSize(ObservedTable.MAX_ADDRESSES)
                .contains(address(1_000))
                .doesNotContain(address(1_000 - ObservedTable.MAX_ADDRESSES));
    }

    @Test
    void keepsWhatIsStillSeenWhileOthersComeAndGo() {
        for (int port = 1; port <= 1_000; port++) {
            table.seen(ONE, peer("bob"), NOON);
            table.seen(TWO, peer("bob" + port), NOON);
            table.seen(address(10_000 + port), peer("alice"), NOON);
        }

        assertThat(table.addresses(NOON)).startsWith(TWO).contains(ONE);
    }
}
