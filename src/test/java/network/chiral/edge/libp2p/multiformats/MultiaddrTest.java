// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.HexFormat;
import network.chiral.edge.conformance.Clause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultiaddrTest {
    private static final String PEER = "QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC";
    private static final String PEER_HEX =
            "a503221220d52ebb89d85b02a284948203a62ff28389c57c9f42beec4ec20db76a68911c0b";

    // from go-multiaddr's own tables of text and bytes
    @ParameterizedTest
    @CsvSource({
        "/ip4/1.2.3.4, 0401020304",
        "/ip4/0.0.0.0, 0400000000",
        "/ip6/::1, 2900000000000000000000000000000001",
        "/ip6/2601:9:4f81:9700:803e:ca65:66e8:c21, 29260100094f819700803eca6566e80c21",
        "/ip4/127.0.0.1/tcp/4321, 047f0000010610e1",
        "/ip4/127.0.0.1/udp/1234/quic-v1, 047f000001910204d2cd03",
        "/dns4/example.com/tcp/80, 360b6578616d706c652e636f6d060050",
        "/dns6/a/tcp/0, 370161060000",
        "/dns/a/tcp/1/ws, 350161060001dd03",
        "/dnsaddr/a, 380161",
        "/p2p-circuit, a202",
        "/ip4/127.0.0.1/tcp/80/http, 047f000001060050e003",
        "/memory/4294967297, 89060000000100000001",
    })
    @Clause("addr-1")
    void readsTheKnownVectorsBothWays(String text, String hex) {
        var bytes = HexFormat.of().parseHex(hex);

        assertThat(HexFormat.of().formatHex(Multiaddr.parse(text).bytes())).isEqualTo(hex);
        assertThat(Multiaddr.ofBytes(bytes)).hasToString(text).isEqualTo(Multiaddr.parse(text));
    }

    @Test
    @Clause("addr-2")
    void readsAPeerInItsBase58AndItsCidText() {
        var address = Multiaddr.parse("/p2p/" + PEER);
        var cid = PeerText.toCid(address.peer().orElseThrow());

        assertThat(HexFormat.of().formatHex(address.bytes())).isEqualTo(PEER_HEX);
        assertThat(Multiaddr.parse("/p2p/" + cid)).isEqualTo(address);
        assertThat(Multiaddr.parse("/ipfs/" + PEER)).isEqualTo(address);
    }

    @Test
    @Clause("addr-1")
    void readsACertificateHash() {
        var hash = "uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g";
        var text = "/ip4/127.0.0.1/udp/1234/quic-v1/webtransport/certhash/" + hash;

        var address = Multiaddr.parse(text);

        assertThat(address).hasToString(text);
        assertThat(address.parts().getLast().value()).hasSize(34).startsWith(0x12, 0x20);
    }

    @Test
    @Clause("addr-1")
    void writesTheLongestCertificateHashAsATextThatItReads() {
        for (int length : new int[] {767, 768, 1_000}) {
            var bytes = new byte[length + 4]; // code 466 and the length, two bytes each
            bytes[0] = (byte) 0xd2;
            bytes[1] = 3;
            bytes[2] = (byte) (0x80 | length & 0x7f);
            bytes[3] = (byte) (length >> 7);
            bytes[4] = 0x12; // SHA-256, and how long the rest is
            bytes[5] = (byte) (0x80 | length - 5 & 0x7f);
            bytes[6] = (byte) (length - 5 >> 7);
            var address = Multiaddr.ofBytes(bytes);

            assertThat(Multiaddr.parse(address.toString())).as("%d", length).isEqualTo(address);
        }
    }

    @Test
    @Clause("addr-3")
    void readsACircuitThroughARelay() {
        var text = "/ip4/192.0.2.1/tcp/4001/p2p/" + PEER + "/p2p-circuit/p2p/" + PEER;

        var address = Multiaddr.parse(text);

        assertThat(address.isCircuit()).isTrue();
        assertThat(address.isPlainTcp()).isFalse();
        assertThat(address.tcpSocket()).isEmpty();
        assertThat(Multiaddr.ofBytes(address.bytes())).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({
        "/ip6/0:0:0:0:0:0:0:0/tcp/1, /ip6/::/tcp/1",
        "/ip6/2001:DB8:0:0:1:0:0:1/tcp/1, /ip6/2001:db8::1:0:0:1/tcp/1",
        "/ip6/2001:db8:0:1:1:1:1:1/tcp/1, /ip6/2001:db8:0:1:1:1:1:1/tcp/1",
        "/ip6/fe80:0:0:0:0:0:0:1/tcp/1, /ip6/fe80::1/tcp/1",
        "/ip6/1::/tcp/1, /ip6/1::/tcp/1",
        "/ip6/::ffff:192.0.2.1/tcp/1, /ip6/::ffff:c000:201/tcp/1",
        "/ip4/192.0.2.1/tcp/1/, /ip4/192.0.2.1/tcp/1",
    })
    void writesTheOneTextThatStandsForAll(String text, String canonical) {
        var address = Multiaddr.parse(text);

        assertThat(address).hasToString(canonical).isEqualTo(Multiaddr.parse(canonical));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//",
                "ip4/1.2.3.4",
                "/ip4",
                "/ip4/",
                "/ip4/1.2.3",
                "/ip4/256.1.1.1",
                "/ip4/::1",
                "/ip6/1.2.3.4",
                "/ip6/:::",
                "/ip6/fe80::1%eth0",
                "/ip6/1::2::3",
                "/ip4/1.2.3.4/tcp",
                "/ip4/1.2.3.4/tcp/",
                "/ip4/1.2.3.4/tcp/65536",
                "/ip4/1.2.3.4/tcp/-1",
                "/ip4/1.2.3.4/tcp/+1",
                "/ip4/1.2.3.4/tcp/x",
                "/ip4/1.2.3.4/sctp/1",
                "/dns4//tcp/1",
                "/p2p/nobody",
                "/certhash/x",
                "/ip4/1.2.3.4/tcp/1//tcp/2",
                "/http-path/%zz",
                "/memory/-1",
                "/memory/",
                "/IP4/1.2.3.4"
            })
    @Clause("addr-4")
    void refusesATextWithASentence(String text) {
        assertThatThrownBy(() -> Multiaddr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "04010203", // cut IPv4
                "0401020304ff", // cut protocol number
                "ff",
                "7f",
                "3605",
                "360b6578", // cut name
                "3600", // empty name
                "360161ff",
                "36032f2f2f", // a slash in a name
                "3602ff80", // no UTF-8
                "a50300",
                "a5030401020304", // no multihash
                "35ffffffffffffffffff01", // a number of ten bytes
            })
    @Clause("addr-4")
    void refusesBytesThatAreNoAddress(String hex) {
        var bytes = HexFormat.of().parseHex(hex);

        assertThatThrownBy(() -> Multiaddr.ofBytes(bytes))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAnOverLongAddressInEitherForm() {
        assertThatThrownBy(() -> Multiaddr.ofBytes(new byte[1025]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Multiaddr.parse("/ws".repeat(33)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Multiaddr.parse("/dns/" + "a".repeat(256)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Multiaddr.parse(("/dns/" + "a".repeat(250)).repeat(5)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void addsAndRemovesThePeerAtTheEnd() {
        var plain = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");
        var peer = Multiaddr.parse("/p2p/" + PEER).peer().orElseThrow();

        var full = plain.withPeer(peer);

        assertThat(full).hasToString("/ip4/192.0.2.1/tcp/4001/p2p/" + PEER);
        assertThat(full.withPeer(peer)).isSameAs(full);
        assertThat(full.withoutPeer()).contains(plain);
        assertThat(plain.withoutPeer()).contains(plain);
        assertThat(Multiaddr.parse("/p2p/" + PEER).withoutPeer()).isEmpty();
    }

    @Test
    void knowsTheSocketOfAPlainTcpAddressOnly() {
        var socket = new InetSocketAddress("192.0.2.1", 4001);

        assertThat(Multiaddr.ofTcp(socket)).hasToString("/ip4/192.0.2.1/tcp/4001");
        assertThat(Multiaddr.parse("/ip4/192.0.2.1/tcp/4001/p2p/" + PEER).tcpSocket())
                .contains(socket);
        assertThat(Multiaddr.parse("/dns4/a/tcp/4001").tcpSocket()).isEmpty();
        assertThat(Multiaddr.parse("/dns4/a/tcp/4001").isPlainTcp()).isTrue();
        assertThat(Multiaddr.parse("/ip4/192.0.2.1/tcp/4001/ws").tcpSocket()).isEmpty();
        assertThat(Multiaddr.parse("/ip4/192.0.2.1/udp/4001").tcpSocket()).isEmpty();
        assertThat(Multiaddr.parse("/ip4/192.0.2.1").tcpSocket()).isEmpty();
    }

    @Test
    void keepsItsBytesToItself() {
        var address = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");

        address.bytes()[0] = 0;

        assertThat(address).isEqualTo(Multiaddr.parse("/ip4/192.0.2.1/tcp/4001"));
    }
}
