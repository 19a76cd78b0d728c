// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import org.junit.jupiter.api.Test;

class ObservedAddressTableTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Multiaddr HOME = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");

    private final ObservedAddressTable table = new ObservedAddressTable();

    private void observe(int count, String from, Multiaddr address, boolean guessed) {
        for (int i = 0; i < count; i++) {
            var ip = InetAddress.ofLiteral(from.formatted(i));
            table.observe(peer("peer" + from + i), ip, address, guessed);
        }
    }

    private List<Multiaddr> candidates(Instant now) {
        return table.candidates(now).stream().map(ObservedAddressTable.Candidate::address).toList();
    }

    @Test
    void believesFourObserversAndNotThree() {
        observe(3, "198.51.100.%d", HOME, false);

        assertThat(candidates(NOON)).isEmpty();
        observe(4, "198.51.100.%d", HOME, false);
        assertThat(candidates(NOON)).containsExactly(HOME);
    }

    @Test
    void takesManyPeersOfOneIpForOneObserver() {
        for (int i = 0; i < 50; i++) {
            table.observe(peer("p" + i), InetAddress.ofLiteral("198.51.100.1"), HOME, false);
        }

        assertThat(candidates(NOON)).isEmpty();
    }

    @Test
    void takesOnePrefixOfIp6ForOneObserver() {
        observe(9, "2001:db8:1:1::%d", HOME, false);
        assertThat(candidates(NOON)).isEmpty();

        observe(4, "2001:db8:%d00::1", HOME, false);

        assertThat(candidates(NOON)).containsExactly(HOME);
    }

    @Test
    void forgetsThePeersThatLeftHalfAnHourAgo() {
        observe(4, "198.51.100.%d", HOME, false);
        table.left(peer("peer198.51.100.%d0"), NOON);

        assertThat(candidates(NOON.plus(ObservedAddressTable.LIFETIME).minusMillis(1)))
                .containsExactly(HOME);
        assertThat(candidates(NOON.plus(ObservedAddressTable.LIFETIME))).isEmpty();
        assertThat(table.size()).isEqualTo(3);
    }

    @Test
    void countsOnlyTheLatestWordOfAPeer() {
        observe(4, "198.51.100.%d", HOME, false);

        observe(1, "198.51.100.%d", Multiaddr.parse("/ip4/192.0.2.9/tcp/1"), false);

        assertThat(candidates(NOON)).isEmpty();
    }

    @Test
    void knowsAGuessUntilSomebodySeesTheAddressAsItIs() {
        observe(4, "198.51.100.%d", HOME, true);
        assertThat(table.candidates(NOON).getFirst().guessed()).isTrue();

        observe(1, "203.0.113.%d", HOME, false);

        assertThat(table.candidates(NOON).getFirst().guessed()).isFalse();
    }

    @Test
    void neverHoldsMoreThanItsLimits() {
        for (int i = 0; i < ObservedAddressTable.MAX_PEERS + 10; i++) {
            var address = Multiaddr.parse("/ip4/192.0.2.1/tcp/" + (1 + i / 4 % 60));
            var from = InetAddress.ofLiteral("198.51." + i / 250 + "." + i % 250);
            table.observe(
                    PeerId.ofBytes(new byte[] {0, 2, (byte) (i >> 8), (byte) i}),
                    from,
                    address,
                    false);
        }

        assertThat(table.size()).isEqualTo(ObservedAddressTable.MAX_PEERS);
        assertThat(candidates(NOON)).hasSize(ObservedAddressTable.MAX_CANDIDATES);
    }
}
