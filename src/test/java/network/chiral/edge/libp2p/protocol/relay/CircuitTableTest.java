// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import static network.chiral.edge.libp2p.protocol.relay.ReservationTableTest.anyPeer;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.swarm.Allowance;
import org.junit.jupiter.api.Test;

class CircuitTableTest {
    private static final PeerId ALICE = anyPeer(1);
    private static final PeerId BOB = anyPeer(2);

    @Test
    @Clause("R9")
    void refusesOneMoreThanAllCircuits() {
        var table = table(2, 0);
        table.begin(ALICE, BOB);
        table.begin(ALICE, BOB);

        assertThat(table.begin(ALICE, BOB)).contains(Refusal.CIRCUITS_FULL);
        assertThat(table.size()).isEqualTo(2);
        table.end(ALICE, BOB);
        assertThat(table.begin(ALICE, BOB)).isEmpty();
    }

    @Test
    void countsSourcesAndDestinationsApart() {
        var table = table(0, 1);
        table.begin(ALICE, BOB);

        assertThat(table.begin(ALICE, anyPeer(3))).contains(Refusal.CIRCUITS_PER_SOURCE);
        assertThat(table.begin(anyPeer(3), BOB)).contains(Refusal.CIRCUITS_PER_DESTINATION);
        assertThat(table.begin(BOB, ALICE)).isEmpty();
    }

    @Test
    void countsARefusedCircuitNowhere() {
        var table = table(0, 1);
        table.begin(ALICE, BOB);
        table.begin(anyPeer(3), BOB);

        assertThat(table.begin(anyPeer(3), anyPeer(4))).isEmpty();
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void isUnlimitedWhereTheLimitsAreZero() {
        var table = new CircuitTable(RelayLimits.UNLIMITED);

        for (int i = 0; i < 10_000; i++) {
            assertThat(table.begin(ALICE, BOB)).isEmpty();
        }

        assertThat(table.size()).isEqualTo(10_000);
    }

    @Test
    void holdsNothingAfterAHundredThousandCircuits() {
        var table = table(1, 1);

        for (int i = 0; i < 100_000; i++) {
            assertThat(table.begin(anyPeer(i), BOB)).isEmpty();
            table.end(anyPeer(i), BOB);
        }

        assertThat(table.size()).isZero();
        assertThat(table.begin(ALICE, BOB)).isEmpty();
    }

    private static CircuitTable table(int circuits, int perPeer) {
        return new CircuitTable(
                new RelayLimits(0, Duration.ofHours(1), 0, circuits, perPeer, Allowance.UNLIMITED));
    }
}
