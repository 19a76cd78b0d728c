// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerAddressesTest {
    @ParameterizedTest
    @CsvSource({
        "/ip4/192.0.2.1/tcp/4001, /ip4/192.0.2.1/tcp/4001/p2p/me",
        "/ip4/192.0.2.1/tcp/4001/p2p/me, /ip4/192.0.2.1/tcp/4001/p2p/me",
        "/ip4/192.0.2.1/tcp/4001/ipfs/me, /ip4/192.0.2.1/tcp/4001/p2p/me",
        "/dns4/relay.example/tcp/443/wss, /dns4/relay.example/tcp/443/wss/p2p/me",
        "/ip6/2001:db8::1/tcp/1/p2p/relay/p2p-circuit, /ip6/2001:db8::1/tcp/1/p2p/relay/p2p-circuit/p2p/me",
        "/ip4/192.0.2.1/tcp/1/p2p/relay/p2p-circuit/p2p/me, /ip4/192.0.2.1/tcp/1/p2p/relay/p2p-circuit/p2p/me"
    })
    void nameThePeerAtTheirEnd(String given, String named) {
        assertThat(PeerAddresses.naming("me", given)).contains(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/ip4",
                "ip4/192.0.2.1/tcp/4001",
                "192.0.2.1:4001",
                "/ip4//tcp/4001",
                "/ip4/192.0.2.1/tcp/4001/",
                "/ip4/192.0.2.1/tcp/40 01",
                "/ip4/192.0.2.1/tcp/4001\u0000",
                "/dns4/münchen.example/tcp/1",
                "/ip4/192.0.2.1/tcp/4001/p2p/somebody-else"
            })
    void areDroppedWhenBrokenOrMisdirected(String address) {
        assertThat(PeerAddresses.naming("me", address)).isEmpty();
    }

    @Test
    void areDroppedWhenLongerThanAnyRealOne() {
        assertThat(PeerAddresses.naming("me", "/dns4/" + "a".repeat(510))).isEmpty();
    }

    @Test
    void beginWithAnIdOfSaneCharactersAndLength() {
        assertThat(PeerAddresses.isPeerId(Peers.ALICE)).isTrue();
        assertThat(PeerAddresses.isPeerId("")).isFalse();
        assertThat(PeerAddresses.isPeerId("a b")).isFalse();
        assertThat(PeerAddresses.isPeerId("a/b")).isFalse();
        assertThat(PeerAddresses.isPeerId("a".repeat(129))).isFalse();
    }
}
