// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrafficTableTest {
    private final TrafficTable table = new TrafficTable();

    @Test
    void tellsWhomMostWasCarriedFor() {
        table.add(peer("alice"), 10);
        table.add(peer("bob"), 15);
        table.add(peer("alice"), 10);

        assertThat(table.top(2))
                .containsExactly(
                        new PeerTraffic(peer("alice"), 20, 2), new PeerTraffic(peer("bob"), 15, 1));
        assertThat(table.top(1)).hasSize(1);
    }

    @Test
    void remembersTheBusiestOfAnyNumber() {
        table.add(peer("busy"), 1_000_000);

        for (int i = 0; i < 50_000; i++) {
            table.add(ReservationTableTest.anyPeer(i), i % 100);
        }

        assertThat(table.size()).isLessThanOrEqualTo(2 * TrafficTable.KEPT);
        assertThat(table.top(1)).containsExactly(new PeerTraffic(peer("busy"), 1_000_000, 1));
    }

    @Test
    void letsNoPaceOutliveItsCircuits() {
        var paces = new Paces(new Bandwidth(1, 1, 1));
        var alice = peer("alice");
        var bob = peer("bob");

        assertThat(paces.begin(alice, bob)).hasSize(4);
        paces.begin(alice, peer("carol"));
        assertThat(paces.peers()).isEqualTo(3);
        paces.end(alice, bob);
        paces.end(alice, peer("carol"));

        assertThat(paces.peers()).isZero();
        assertThat(new Paces(Bandwidth.UNLIMITED).begin(alice, bob)).isEmpty();
    }
}
