// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Map;
import java.util.Set;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import network.chiral.edge.libp2p.multiformats.IpPrefixMap;
import network.chiral.edge.libp2p.swarm.AccessLists.Entries;
import network.chiral.edge.libp2p.swarm.AccessLists.Use;
import org.junit.jupiter.api.Test;

class AccessListsTest {
    private static final PeerId ALICE = peer("alice");
    private static final PeerId BOB = peer("bob");
    private static final InetAddress HOME = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress AWAY = InetAddress.ofLiteral("198.51.100.1");
    private static final Entries OF_ALICE = new Entries(Set.of(ALICE), IpPrefixMap.empty());
    private static final Entries OF_HOME =
            new Entries(Set.of(), new IpPrefixMap<>(Map.of(IpPrefix.parse("192.0.2.0/24"), true)));

    @Test
    void letEverybodyDoEverythingWhileTheyAreEmpty() {
        for (var use : Use.values()) {
            assertThat(AccessLists.OPEN.permits(use, ALICE, HOME)).isTrue();
        }
        var nobodyListed =
                new AccessLists(Entries.NONE, Set.of(Use.values()), Entries.NONE, Set.of());
        assertThat(nobodyListed.permits(Use.RESERVE, ALICE, HOME)).isTrue();
    }

    @Test
    void denyAPeerOrANetworkWhatTheyAreAbout() {
        var lists =
                new AccessLists(Entries.NONE, Set.of(), OF_ALICE.and(OF_HOME), Set.of(Use.RESERVE));

        assertThat(lists.permits(Use.RESERVE, ALICE, AWAY)).isFalse();
        assertThat(lists.permits(Use.RESERVE, BOB, HOME)).isFalse();
        assertThat(lists.permits(Use.RESERVE, BOB, AWAY)).isTrue();
        assertThat(lists.permits(Use.SOURCE, ALICE, HOME)).isTrue();
        assertThat(lists.permitsHandshake(HOME)).isTrue();
    }

    @Test
    void allowNobodyElseOnceSomebodyIsAllowed() {
        var lists = new AccessLists(OF_ALICE, Set.of(Use.RESERVE), Entries.NONE, Set.of());

        assertThat(lists.permits(Use.RESERVE, ALICE, HOME)).isTrue();
        assertThat(lists.permits(Use.RESERVE, BOB, HOME)).isFalse();
        assertThat(lists.permits(Use.CONNECTION, BOB, HOME)).isTrue();
    }

    @Test
    void denyWhomTheyAllowAndDeny() {
        var lists = new AccessLists(OF_ALICE, Set.of(Use.RESERVE), OF_HOME, Set.of(Use.RESERVE));

        assertThat(lists.permits(Use.RESERVE, ALICE, HOME)).isFalse();
        assertThat(lists.permits(Use.RESERVE, ALICE, AWAY)).isTrue();
    }

    @Test
    void keepANetworkFromEvenAHandshake() {
        var lists = new AccessLists(Entries.NONE, Set.of(), OF_HOME, Set.of(Use.CONNECTION));

        assertThat(lists.permitsHandshake(HOME)).isFalse();
        assertThat(lists.permitsHandshake(AWAY)).isTrue();
    }
}
