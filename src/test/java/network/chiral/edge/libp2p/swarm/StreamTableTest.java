// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import network.chiral.edge.libp2p.identity.PeerId;
import org.junit.jupiter.api.Test;

class StreamTableTest {
    private static final PeerId ALICE = peer("alice");
    private static final PeerId BOB = peer("bob");

    private static StreamTable table(int total, int perPeer) {
        return new StreamTable(
                new AdmissionLimits(0, List.of(), List.of(), true, total, perPeer, 0));
    }

    @Test
    void boundsTheStreamsOfOnePeer() {
        var table = table(0, 1);
        table.begin(ALICE);

        assertThat(table.begin(ALICE)).contains(StreamRefusal.TOO_MANY_OF_PEER);
        assertThat(table.begin(BOB)).isEmpty();
        table.end(ALICE);
        assertThat(table.begin(ALICE)).isEmpty();
    }

    @Test
    void boundsTheStreamsOfAll() {
        var table = table(2, 0);
        table.begin(ALICE);
        table.begin(BOB);

        assertThat(table.begin(ALICE)).contains(StreamRefusal.TOO_MANY);
        table.end(BOB);
        assertThat(table.begin(ALICE)).isEmpty();
        assertThat(table.size()).isEqualTo(2);
    }
}
