// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.testing.TestKeys;
import org.junit.jupiter.api.Test;

class PeerAddressesTest {
    private static final PeerId ALICE = TestKeys.peer("alice");
    private static final PeerId RELAY = TestKeys.peer("relay");

    private static List<String> kept(AddressScope scope, String... told) {
        var addresses = Stream.of(told).map(Multiaddr::parse).toList();
        return PeerAddresses.worthKeeping(ALICE, addresses, scope).stream()
                .map(Multiaddr::toString)
                .toList();
    }

    @Test
    @Clause("K8")
    void inPublicScopeOnlyWhatTheWholeWorldReachesIsKept() {
        assertThat(
                        kept(
                                AddressScope.PUBLIC,
                                "/ip4/127.0.0.1/tcp/1",
                                "/ip4/10.0.0.1/tcp/1",
                                "/ip4/100.64.0.1/tcp/1",
                                "/ip4/169.254.0.1/tcp/1",
                                "/ip6/fd00::1/tcp/1",
                                "/ip6/fe80::1/tcp/1",
                                "/ip4/8.8.8.8/tcp/1",
                                "/dns4/example.net/tcp/1"))
                .containsExactly("/ip4/8.8.8.8/tcp/1", "/dns4/example.net/tcp/1");
    }

    @Test
    void inLanScopePrivateOnesAreKeptToo() {
        assertThat(kept(AddressScope.LAN, "/ip4/127.0.0.1/tcp/1", "/ip4/10.0.0.1/tcp/1"))
                .containsExactly("/ip4/10.0.0.1/tcp/1");
    }

    @Test
    void thePeersOwnIdIsTakenOffAndAnothersIsWrong() {
        assertThat(
                        kept(
                                AddressScope.PUBLIC,
                                "/ip4/8.8.8.8/tcp/1/p2p/" + ALICE,
                                "/ip4/8.8.4.4/tcp/1/p2p/" + RELAY))
                .containsExactly("/ip4/8.8.8.8/tcp/1");
    }

    @Test
    @Clause("kad-circuit-addresses")
    void aCircuitThroughARelayInScopeIsKeptBehindTheDirectOnes() {
        var circuit = "/ip4/8.8.8.8/tcp/1/p2p/" + RELAY + "/p2p-circuit";

        assertThat(
                        kept(
                                AddressScope.PUBLIC,
                                circuit + "/p2p/" + ALICE,
                                "/ip4/9.9.9.9/tcp/1",
                                "/ip4/10.0.0.1/tcp/1/p2p/" + RELAY + "/p2p-circuit",
                                circuit + "/p2p/" + RELAY + "/p2p-circuit",
                                "/p2p/" + RELAY + "/p2p-circuit"))
                .containsExactly("/ip4/9.9.9.9/tcp/1", circuit);
    }

    @Test
    void noMoreAreKeptThanSixteenOfWhichSixAreCircuits() {
        var direct = IntStream.range(0, 100).mapToObj(i -> "/ip4/8.8.8." + i + "/tcp/1");
        var circuits =
                IntStream.range(0, 100)
                        .mapToObj(i -> "/ip4/9.9.9." + i + "/tcp/1/p2p/" + RELAY + "/p2p-circuit");

        var kept =
                kept(AddressScope.PUBLIC, Stream.concat(direct, circuits).toArray(String[]::new));

        assertThat(kept).hasSize(16);
        assertThat(kept.stream().filter(a -> a.contains("p2p-circuit"))).hasSize(6);
    }

    @Test
    void twentyPeersWithAllTheirAddressesFitIntoOnePacket() {
        var told =
                IntStream.range(0, 100)
                        .mapToObj(i -> Multiaddr.parse("/dns4/" + "a".repeat(60) + i + "/tcp/1"))
                        .toList();
        var addresses = PeerAddresses.worthKeeping(ALICE, told, AddressScope.PUBLIC);
        var out = new AnswerWriter(KadType.FIND_NODE);

        for (int i = 0; i < KadLimits.K; i++) {
            assertThat(out.closer(KadCodec.toBytes(ALICE, addresses), Connectedness.CONNECTED))
                    .isTrue();
        }
        assertThat(addresses).isNotEmpty();
    }
}
