// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import network.chiral.edge.libp2p.multiformats.Multiaddr;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressScopeTest {
    // what an address is: allowed in PUBLIC, in LAN, in ANY
    @ParameterizedTest
    @CsvSource({
        "/ip4/8.8.8.8, true, true, true",
        "/ip4/100.63.255.255, true, true, true",
        "/ip4/172.32.0.1, true, true, true",
        "/ip4/10.0.0.1, false, true, true",
        "/ip4/172.16.0.1, false, true, true",
        "/ip4/172.31.255.255, false, true, true",
        "/ip4/192.168.1.1, false, true, true",
        "/ip4/169.254.1.1, false, true, true",
        "/ip4/100.64.0.1, false, true, true",
        "/ip4/100.127.255.255, false, true, true",
        "/ip4/127.0.0.1, false, false, true",
        "/ip4/127.255.255.255, false, false, true",
        "/ip4/0.0.0.0, false, false, false",
        "/ip4/0.1.2.3, false, false, false",
        "/ip4/224.0.0.1, false, false, false",
        "/ip4/240.0.0.1, false, false, false",
        "/ip4/255.255.255.255, false, false, false",
        "/ip4/192.0.2.1, false, false, false",
        "/ip4/198.51.100.1, false, false, false",
        "/ip4/203.0.113.1, false, false, false",
        "/ip4/198.18.0.1, false, false, false",
        "/ip6/2606:4700::1, true, true, true",
        "/ip6/64:ff9b::808:808, true, true, true",
        "/ip6/64:ff9b::a00:1, false, true, true",
        "/ip6/64:ff9b::7f00:1, false, false, true",
        "/ip6/fd00::1, false, true, true",
        "/ip6/fe80::1, false, true, true",
        "/ip6/::1, false, false, true",
        "/ip6/::, false, false, false",
        "/ip6/ff02::1, false, false, false",
        "/ip6/2001:db8::1, false, false, false",
        "/ip6/::ffff:10.0.0.1, false, true, true",
        "/ip6/::ffff:127.0.0.1, false, false, true",
        "/dns4/example.com, true, true, true",
        "/dns4/localhost, false, false, true",
        "/dns4/printer.local, false, false, true",
        "/p2p-circuit, false, false, false",
    })
    void allowsAnAddressByWhereItLeads(
            String address, boolean inPublic, boolean inLan, boolean any) {
        var full = Multiaddr.parse(address);

        assertThat(AddressScope.PUBLIC.allows(full)).as("PUBLIC").isEqualTo(inPublic);
        assertThat(AddressScope.LAN.allows(full)).as("LAN").isEqualTo(inLan);
        assertThat(AddressScope.ANY.allows(full)).as("ANY").isEqualTo(any);
    }
}
