// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reconnect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.node.cache.CacheRules;
import network.chiral.edge.node.cache.CachedPeer;
import org.junit.jupiter.api.Test;

class ReconnectPlanTest {
    private static final String ALICE = "12D3KooWPpHhpPEt4aTDTKCroU2UATztebnp5bjjBd9Hvu6gcGD4";
    private static final String BOB = "12D3KooWRr8JqtEPj97h1W4WnLfjAhBpmr7dVE5NLvjQDRjimvjD";
    private static final PeerId SELF =
            PeerId.parse("12D3KooWK6Kz6eLVrhzkEXF8unS8ieL7vsPufdz7UybSGfL3ZM7X");

    @Test
    void dialsRelaysFirstAndThenTheMostReliable() {
        var peers =
                CacheRules.forRedial(
                        List.of(
                                peer(ALICE, "/ip4/192.0.3.1/tcp/1", false, 0.85),
                                peer(BOB, "/ip4/192.0.3.2/tcp/1", true, 0.3)));

        var plan = ReconnectPlan.of(peers, AddressScope.PUBLIC, SELF);

        assertThat(plan.targets())
                .extracting(target -> target.peer().toString())
                .containsExactly(BOB, ALICE);
        assertThat(plan.relayCapable()).isEqualTo(1);
    }

    @Test
    void leavesOutAddressesThatAreOutOfScope() {
        var peers = List.of(peer(ALICE, "/ip4/10.0.0.1/tcp/4001", false, 0.5));

        assertThat(ReconnectPlan.of(peers, AddressScope.PUBLIC, SELF).targets()).isEmpty();
        assertThat(ReconnectPlan.of(peers, AddressScope.LAN, SELF).targets()).hasSize(1);
    }

    @Test
    void leavesOutWhatIsNoAddressOrNoPeerOrItself() {
        var peers =
                List.of(
                        peer(ALICE, "/ip4/192.0.3.1/udp/1/quic-v1", false, 0.5),
                        peer("nobody", "/ip4/192.0.3.1/tcp/1", false, 0.5),
                        peer(SELF.toString(), "/ip4/192.0.3.1/tcp/1", false, 0.5),
                        peer(BOB, "/nonsense", false, 0.5));

        var plan = ReconnectPlan.of(peers, AddressScope.ANY, SELF);

        assertThat(plan.known()).isEqualTo(4);
        assertThat(plan.targets()).isEmpty();
    }

    @Test
    void keepsNamesToBeResolved() {
        var peers = List.of(peer(ALICE, "/dns4/relay.example.net/tcp/4001", false, 0.5));

        assertThat(ReconnectPlan.of(peers, AddressScope.PUBLIC, SELF).targets()).hasSize(1);
    }

    private static CachedPeer peer(String id, String address, boolean relays, double score) {
        return new CachedPeer(
                id, List.of(address), 1_700_000_000L, 1, 1, 0, 100, 10, false, relays, score);
    }
}
