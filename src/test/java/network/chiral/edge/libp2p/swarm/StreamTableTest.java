// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import org.junit.jupiter.api.Test;

class StreamTableTest {
    private static final PeerId ALICE = peer("alice");
    private static final PeerId BOB = peer("bob");
    private static final PeerId CAROL = peer("carol");

    private static final InetAddress HOME = InetAddress.ofLiteral("192.0.2.1");

    private static StreamTable table(int total, int perPeer) {
        return new StreamTable(
                new AdmissionLimits(0, List.of(), List.of(), true, total, perPeer, 0));
    }

    @Test
    void boundsTheStreamsOfOnePeer() {
        var table = table(0, 1);
        table.begin(ALICE, HOME);

        assertThat(table.begin(ALICE, HOME)).contains(StreamRefusal.TOO_MANY_OF_PEER);
        assertThat(table.begin(BOB, HOME)).isEmpty();
        table.end(ALICE, HOME);
        assertThat(table.begin(ALICE, HOME)).isEmpty();
    }

    @Test
    void boundsTheStreamsOfAll() {
        var table = table(2, 0);
        table.begin(ALICE, HOME);
        table.begin(BOB, HOME);

        assertThat(table.begin(ALICE, HOME)).contains(StreamRefusal.TOO_MANY);
        table.end(BOB, HOME);
        assertThat(table.begin(ALICE, HOME)).isEmpty();
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void boundsTheStreamsOfOneAddress() {
        var table = perIp(2, List.of());
        table.begin(ALICE, HOME);
        table.begin(BOB, HOME);

        assertThat(table.begin(CAROL, HOME)).contains(StreamRefusal.TOO_MANY_OF_PREFIX);
        assertThat(table.begin(CAROL, InetAddress.ofLiteral("192.0.2.2"))).isEmpty();
        assertThat(table.begin(CAROL, null)).as("through a relay").isEmpty();
        table.end(ALICE, HOME);
        assertThat(table.begin(CAROL, HOME)).isEmpty();
    }

    @Test
    void givesALargerIpv6PrefixTwiceAndFourTimesAsMuch() {
        var table = perIp(1, List.of());

        assertThat(table.begin(ALICE, ip6("2001:db8:0:1::1"))).isEmpty();
        assertThat(table.begin(ALICE, ip6("2001:db8:0:1::2"))).as("/64").isPresent();
        assertThat(table.begin(ALICE, ip6("2001:db8:0:2::1"))).isEmpty();
        assertThat(table.begin(ALICE, ip6("2001:db8:0:3::1"))).as("/56").isPresent();
        assertThat(table.begin(ALICE, ip6("2001:db8:0:100::1"))).isEmpty();
        assertThat(table.begin(ALICE, ip6("2001:db8:0:200::1"))).isEmpty();
        assertThat(table.begin(ALICE, ip6("2001:db8:0:300::1"))).as("/48").isPresent();
        assertThat(table.begin(ALICE, ip6("2001:db8:1::1"))).isEmpty();
    }

    @Test
    void countsNoTrustedAddressAndForgetsWhatIsGone() {
        var table = perIp(1, List.of(IpPrefix.parse("198.51.100.0/24")));
        var trusted = InetAddress.ofLiteral("198.51.100.9");
        assertThat(table.begin(ALICE, trusted)).isEmpty();
        assertThat(table.begin(ALICE, trusted)).isEmpty();
        table.begin(BOB, HOME);

        table.end(ALICE, trusted);
        table.end(ALICE, trusted);
        table.end(BOB, HOME);

        assertThat(table.known()).isZero();
        assertThat(table.size()).isZero();
    }

    private static InetAddress ip6(String text) {
        return InetAddress.ofLiteral(text);
    }

    private static StreamTable perIp(int streams, List<IpPrefix> trusted) {
        var limits = new AdmissionLimits(0, List.of(), trusted, true, 0, 0, 0);
        return new StreamTable(limits.with(new ShareLimits(streams, 0, 0)));
    }
}
