// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CachedPeerTest {
    @Test
    void movesEveryNumberIntoTheRangeOfTheFile() {
        var low = new CachedPeer("a", List.of(), -1, -1, -1, -1, -1, -1, false, false, Double.NaN);
        var high =
                new CachedPeer(
                        "a",
                        List.of(),
                        Long.MAX_VALUE,
                        1L << 40,
                        1L << 40,
                        1L << 40,
                        Long.MAX_VALUE,
                        1L << 40,
                        false,
                        false,
                        Double.POSITIVE_INFINITY);

        long u32 = 4_294_967_295L;
        long max = Long.MAX_VALUE;
        assertThat(low)
                .isEqualTo(new CachedPeer("a", List.of(), 0, 0, 0, 0, 0, 0, false, false, 0));
        assertThat(high)
                .isEqualTo(
                        new CachedPeer(
                                "a", List.of(), max, u32, u32, u32, max, u32, false, false, 1));
    }
}
