// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import network.chiral.edge.libp2p.swarm.AddressScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingValueTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "131072, 131072",
        "128K, 131072",
        "128k, 131072",
        "128M, 134217728",
        "1GiB, 1073741824",
        "2 MB, 2097152"
    })
    void readsSizes(String text, long bytes) {
        assertThat(SettingValue.bytes("key", text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "1.5M", "12T", "9999999999999999999", "999999999999999G", "M"})
    void refusesWhatIsNoSize(String text) {
        assertThatThrownBy(() -> SettingValue.bytes("chiral.relay.circuit-bytes", text))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageStartingWith("chiral.relay.circuit-bytes is '" + text + "', but it has");
    }

    @ParameterizedTest
    @CsvSource({
        "90, PT90S",
        "90s, PT90S",
        "250ms, PT0.25S",
        "30m, PT30M",
        "1h, PT1H",
        "7d, PT168H",
        "PT30M, PT30M",
        "0, PT0S"
    })
    void readsDurations(String text, Duration duration) {
        assertThat(SettingValue.duration("key", text, Duration.ZERO)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5s", "PT-5S", "1w", "999999999999d99"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> SettingValue.duration("key", text, Duration.ZERO))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("a duration such as 90s, 30m or 1h");
    }

    @Test
    void refusesADurationBelowTheLeast() {
        assertThatThrownBy(() -> SettingValue.duration("key", "0", Duration.ofSeconds(1)))
                .hasMessageContaining("at least 1s");
    }

    @Test
    void readsAChoiceInAnyCase() {
        assertThat(SettingValue.choice("key", " Lan ", AddressScope.class))
                .isEqualTo(AddressScope.LAN);
    }

    @Test
    void namesTheChoicesWhereThereIsNoneSuch() {
        assertThatThrownBy(() -> SettingValue.choice("key", "wan", AddressScope.class))
                .hasMessage("key is 'wan', but it has to be one of public, lan, any");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ip4/0.0.0.0/udp/4001",
                "/ip4/0.0.0.0",
                "/dns4/host/tcp/4001",
                "/ip4/0.0.0.0/tcp/4001/ws",
                "0.0.0.0:4001",
                "/ip4/0.0.0.0/tcp/65536"
            })
    void refusesToListenOnAnythingButPlainTcp(String text) {
        assertThatThrownBy(() -> SettingValue.listenAddress("chiral.listen", text))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining(text);
    }

    @Test
    void wantsAPeerAddressToNameItsPeer() {
        assertThatThrownBy(() -> SettingValue.peerAddress("key", "/ip4/192.0.2.1/tcp/4001"))
                .hasMessageContaining("ends in /p2p/<peer id>");
    }
}
