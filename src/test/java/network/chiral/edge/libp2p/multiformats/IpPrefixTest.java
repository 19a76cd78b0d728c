// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.77/24, 192.0.2.255, true", // bits beyond the length do not count
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 2001:db8::1, true",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::/65, 2001:db8::7fff:0:0:0, true",
        "2001:db8::/65, 2001:db8::8000:0:0:0, false",
        "2001:db8::1/128, 2001:db8::1, true",
        "2001:db8::1/128, 2001:db8::2, false",
    })
    void containsTheAddressesThatBeginLikeIt(String prefix, String address, boolean contained) {
        assertThat(IpPrefix.parse(prefix).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "x",
                "192.0.2",
                "192.0.2.0/33",
                "192.0.2.0/-1",
                "192.0.2.0/",
                "::/129",
                "192.0.2.0/24/1",
                "example.net",
                "192.0.2.0/2x"
            })
    void refusesWhatIsNoPrefix(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IpPrefix.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.9/24, 192.0.2.0/24", "10.0.0.1, 10.0.0.1/32", "::1, 0:0:0:0:0:0:0:1/128"})
    void spellsItselfAsItIsRead(String text, String spelled) {
        assertThat(IpPrefix.parse(text)).hasToString(spelled);
        assertThat(IpPrefix.parse(spelled)).isEqualTo(IpPrefix.parse(text));
    }

    @Test
    void findsTheLongestOfSeveral() {
        var map =
                new IpPrefixMap<>(
                        Map.of(
                                IpPrefix.parse("192.0.0.0/16"), "wide",
                                IpPrefix.parse("192.0.2.0/24"), "narrow",
                                IpPrefix.parse("2001:db8::/32"), "six"));

        assertThat(found(map, "192.0.2.1")).isEqualTo("narrow");
        assertThat(found(map, "192.0.3.1")).isEqualTo("wide");
        assertThat(found(map, "2001:db8:1::1")).isEqualTo("six");
        assertThat(map.holds(InetAddress.ofLiteral("198.51.100.1"))).isFalse();
        var more = map.and(new IpPrefixMap<>(Map.of(IpPrefix.parse("192.0.2.1"), "one")));
        assertThat(found(more, "192.0.2.1")).isEqualTo("one");
        assertThat(more.size()).isEqualTo(4);
    }

    private static String found(IpPrefixMap<String> map, String address) {
        return map.longest(InetAddress.ofLiteral(address)).orElseThrow().getValue();
    }
}
