// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import static network.chiral.edge.node.cache.Peers.ALICE;
import static network.chiral.edge.node.cache.Peers.BOB;
import static network.chiral.edge.node.cache.Peers.peer;
import static network.chiral.edge.node.cache.Peers.relay;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CacheStatisticsTest {
    @Test
    void isAllZeroWithoutPeers() {
        assertThat(CacheStatistics.of(List.of())).isEqualTo(new CacheStatistics(0, 0, 0, 0, 0, 0));
    }

    @Test
    void sumsUpThePeers() {
        var bootstrap = new CachedPeer(BOB, List.of(), 1, 1, 3, 4, 50, 0, true, false, 0.75);

        var statistics = CacheStatistics.of(List.of(relay(peer(ALICE, 0.25)), bootstrap));

        assertThat(statistics).isEqualTo(new CacheStatistics(2, 1, 1, 0.5, 8, 1_050));
        assertThat(statistics.asKeyValues())
                .isEqualTo(
                        "total_peers=2 relay_capable_peers=1 bootstrap_peers=1"
                                + " average_reliability=0.50 total_transfers=8"
                                + " total_bytes_transferred=1050");
    }

    @Test
    void stopsAtTheLargestNumberInsteadOfWrappingRound() {
        var full = new CachedPeer(BOB, List.of(), 1, 1, 1, 1, Long.MAX_VALUE, 0, true, true, 1);

        assertThat(CacheStatistics.of(List.of(full, full)).totalBytesTransferred())
                .isEqualTo(Long.MAX_VALUE);
    }
}
