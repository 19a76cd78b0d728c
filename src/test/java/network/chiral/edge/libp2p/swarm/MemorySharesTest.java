// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import network.chiral.edge.libp2p.muxer.yamux.WindowBudget;
import org.junit.jupiter.api.Test;

class MemorySharesTest {
    private static final InetAddress HOME = InetAddress.ofLiteral("2001:db8::1");

    private final MemoryShares shares =
            new MemoryShares(
                    new AdmissionLimits(0, List.of(), List.of(), true, 0, 0, 0)
                            .with(new ShareLimits(0, 100, 200)),
                    new WindowBudget(0, 1_000));

    @Test
    void knowsPeersAndPrefixesForAsLongAsTheyAreConnected() {
        var first = shares.open(peer("alice"), HOME);
        var second = shares.open(peer("alice"), HOME);
        assertThat(shares.size()).as("a peer, a /64, a /56 and a /48").isEqualTo(4);

        first.close();
        assertThat(shares.size()).isEqualTo(4);
        second.close();

        assertThat(shares.size()).isZero();
    }

    @Test
    void countsLoopbackAndCircuitsByPeerOnly() {
        shares.open(peer("alice"), InetAddress.getLoopbackAddress());
        shares.open(peer("bob"), null);

        assertThat(shares.size()).isEqualTo(2);
    }
}
