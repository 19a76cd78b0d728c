// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionTableTest {
    private static final PeerId ALICE = peer("alice");
    private static final PeerId BOB = peer("bob");
    private static final InetAddress HOME = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress OFFICE = InetAddress.ofLiteral("192.0.2.2");
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final long NOON = -7_000_000_000L; // nanoTime may be anything
    private static final long SECOND = 1_000_000_000L;

    private static AdmissionLimits admission(List<PrefixLimit> prefixes, String... trusted) {
        var prefixList = java.util.stream.Stream.of(trusted).map(IpPrefix::parse).toList();
        return new AdmissionLimits(1, prefixes, prefixList, true, 0, 0, 0);
    }

    private static ConnectionTable table(int total, int handshakes, AdmissionLimits admission) {
        return new ConnectionTable(
                new ConnectionLimits(
                        total, handshakes, Duration.ZERO, Duration.ZERO, 0, admission));
    }

    private static ConnectionTable perPrefix(int connections, int handshakes) {
        return table(0, 0, admission(AdmissionLimits.prefixes(connections, handshakes, 0, 0)));
    }

    private static void connect(ConnectionTable table, PeerId peer, InetAddress from) {
        assertThat(table.accept(from, NOON)).isEmpty();
        table.handshakeOver(from);
        assertThat(table.open(peer, from)).isEmpty();
    }

    @Test
    @Clause("conn-3")
    void countsConnectionsAndHandshakesAgainstTheWhole() {
        var table = table(3, 0, admission(List.of()));
        connect(table, ALICE, HOME);
        table.open(BOB, null);
        table.accept(OFFICE, NOON);

        assertThat(table.accept(OFFICE, NOON)).contains(HandshakeFailure.TOO_MANY_CONNECTIONS);

        table.close(BOB, null);
        assertThat(table.accept(OFFICE, NOON)).isEmpty();
    }

    @Test
    void boundsHandshakesUntilTheyAreOver() {
        var table = table(0, 1, admission(List.of()));
        table.accept(HOME, NOON);

        var refusal = table.accept(OFFICE, NOON);
        table.handshakeOver(HOME);

        assertThat(refusal).contains(HandshakeFailure.TOO_MANY_HANDSHAKES);
        assertThat(table.accept(OFFICE, NOON)).isEmpty();
    }

    @Test
    void boundsTheConnectionsOfOneAddressAndNoOther() {
        var table = perPrefix(1, 0);
        connect(table, ALICE, HOME);

        assertThat(table.accept(HOME, NOON)).contains(HandshakeFailure.TOO_MANY_OF_PREFIX);
        assertThat(table.accept(OFFICE, NOON)).isEmpty();
        table.close(ALICE, HOME);
        assertThat(table.accept(HOME, NOON)).isEmpty();
    }

    @Test
    void boundsTheHandshakesOfOneAddress() {
        var table = perPrefix(10, 1);
        table.accept(HOME, NOON);

        assertThat(table.accept(HOME, NOON))
                .contains(HandshakeFailure.TOO_MANY_HANDSHAKES_OF_PREFIX);
        assertThat(table.accept(OFFICE, NOON)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::1, 2001:db8::2, 1", // one /64
        "2001:db8::1, 2001:db8:0:1::1, 2", // one /56
        "2001:db8::1, 2001:db8:0:100::1, 4", // one /48
        "2001:db8::1, 2001:db8:1::1, 1000", // nothing in common
    })
    @Clause("conn-5")
    void countsAnIpv6NetworkByTheSizeThatItsHolderGets(String one, String other, int together) {
        var table = perPrefix(1, 0);
        var first = InetAddress.ofLiteral(one);
        var second = InetAddress.ofLiteral(other);

        assertThat(table.accept(first, NOON)).isEmpty();

        var expected =
                together == 1
                        ? Optional.of(HandshakeFailure.TOO_MANY_OF_PREFIX)
                        : Optional.<HandshakeFailure>empty();
        assertThat(table.accept(second, NOON)).isEqualTo(expected);
    }

    @Test
    void boundsASiteThatHasManyNetworks() {
        var table = perPrefix(1, 0);
        for (int i = 0; i < 4; i++) {
            var network =
                    InetAddress.ofLiteral("2001:db8:0:" + Integer.toHexString(i << 8) + "::1");
            assertThat(table.accept(network, NOON)).isEmpty();
        }

        var fifth = table.accept(InetAddress.ofLiteral("2001:db8:0:ff00::1"), NOON);

        assertThat(fifth).contains(HandshakeFailure.TOO_MANY_OF_PREFIX);
    }

    @Test
    @Clause("conn-5")
    void boundsTheRateOfOneAddressAfterItsBurst() {
        var table = table(0, 0, admission(AdmissionLimits.prefixes(0, 0, 0.5, 2)));
        assertThat(table.accept(HOME, NOON)).isEmpty();
        assertThat(table.accept(HOME, NOON)).isEmpty();

        assertThat(table.accept(HOME, NOON)).contains(HandshakeFailure.TOO_FAST);
        assertThat(table.accept(HOME, NOON + SECOND)).contains(HandshakeFailure.TOO_FAST);
        assertThat(table.accept(HOME, NOON + 2 * SECOND)).isEmpty();
        assertThat(table.accept(HOME, NOON + 2 * SECOND)).contains(HandshakeFailure.TOO_FAST);
        assertThat(table.accept(OFFICE, NOON)).isEmpty();
    }

    @Test
    void letsLoopbackAndTrustedPrefixesIn() {
        var table = table(0, 0, admission(AdmissionLimits.prefixes(1, 1, 0.1, 1), "192.0.2.2/31"));

        for (int i = 0; i < 100; i++) {
            assertThat(table.accept(LOOPBACK, NOON)).isEmpty();
            assertThat(table.accept(OFFICE, NOON)).isEmpty();
        }
        assertThat(table.accept(HOME, NOON)).isEmpty();
        assertThat(table.accept(HOME, NOON)).isPresent();
    }

    @Test
    void boundsTheConnectionsOfOnePeerWhereverItComesFrom() {
        var table = perPrefix(0, 0);
        connect(table, ALICE, HOME);

        assertThat(table.open(ALICE, OFFICE)).contains(HandshakeFailure.TOO_MANY_OF_PEER);
        assertThat(table.open(ALICE, null)).isEmpty(); // we dialled it
        table.close(ALICE, HOME);
        assertThat(table.open(ALICE, OFFICE)).isEmpty();
    }

    @Test
    void countsARefusedSocketNowhere() {
        var table = perPrefix(1, 0);
        connect(table, ALICE, HOME);
        for (int i = 0; i < 100; i++) {
            table.accept(HOME, NOON);
        }

        table.close(ALICE, HOME);

        assertThat(table.connections()).isZero();
        assertThat(table.handshakes()).isZero();
        connect(table, BOB, HOME);
    }

    @Test
    void remembersNoPrefixForLongerThanItsRateAsksFor() {
        var table = table(0, 0, admission(AdmissionLimits.prefixes(4, 4, 1, 4)));
        for (int i = 0; i < 100_000; i++) {
            var from =
                    InetAddress.ofLiteral(
                            "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
            long now = NOON + i * (SECOND / 1_000);
            assertThat(table.accept(from, now)).isEmpty();
            table.handshakeOver(from);
        }

        // a token takes a second to come back, and a thousand addresses came in each
        assertThat(table.prefixesKnown()).isLessThan(2_000);
    }

    @Test
    void forgetsTheEldestPrefixesWhereThereAreTooMany() {
        var table = table(0, 0, admission(AdmissionLimits.prefixes(4, 4, 0.001, 4)));
        connect(table, ALICE, HOME);
        for (int i = 0; i < 100_000; i++) {
            var from =
                    InetAddress.ofLiteral(
                            "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
            table.accept(from, NOON);
            table.handshakeOver(from);
        }

        assertThat(table.prefixesKnown()).isLessThan(65_600);
        for (int i = 1; i < 4; i++) {
            assertThat(table.accept(HOME, NOON)).isEmpty();
        }
        assertThat(table.accept(HOME, NOON)).contains(HandshakeFailure.TOO_MANY_OF_PREFIX);
    }
}
