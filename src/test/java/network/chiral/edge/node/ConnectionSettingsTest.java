// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import network.chiral.edge.libp2p.swarm.AdmissionLimits;
import network.chiral.edge.libp2p.swarm.ConnectionLimits;
import network.chiral.edge.libp2p.swarm.ShareLimits;
import network.chiral.edge.libp2p.swarm.TrimRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionSettingsTest {
    private static final long GIB = 1L << 30;

    private static ConnectionSettings settings(long memory, Map<String, String> values) {
        var config = new SmallRyeConfigBuilder().withMapping(ConnectionsConfig.class);
        values.forEach((key, value) -> config.withDefaultValue("chiral.connections." + key, value));
        return ConnectionSettings.of(
                config.build().getConfigMapping(ConnectionsConfig.class), memory);
    }

    @Test
    void areTheLibrarysOwnWhereNothingIsSaid() {
        var settings = settings(GIB, Map.of());

        assertThat(settings.limits()).isEqualTo(ConnectionLimits.DEFAULT);
        assertThat(settings.trimming()).isEqualTo(TrimRules.DEFAULT);
    }

    @Test
    void growWithTheMemory() {
        var small = settings(64L << 20, Map.of()).limits();
        var large = settings(8 * GIB, Map.of()).limits();

        assertThat(small.windowGrowthBytes()).isEqualTo(16L << 20);
        assertThat(small.admission().bufferedBytes()).isEqualTo(64L << 20);
        assertThat(large.admission().bufferedBytes()).isEqualTo(2 * GIB);
        assertThat(large.admission().streams()).isEqualTo(32_768 + 8 * 16_384);
    }

    @Test
    void takeWhatIsSaid() {
        var settings =
                settings(
                        GIB,
                        Map.of(
                                "per-ip", "10",
                                "rate-per-ip", "0",
                                "trusted-prefixes", "192.0.2.0/24, 2001:db8::/32",
                                "idle-timeout", "0",
                                "high-water", "0"));

        assertThat(settings.limits().admission().prefixes())
                .isEqualTo(AdmissionLimits.prefixes(10, AdmissionLimits.HANDSHAKES_PER_IP, 0, 256));
        assertThat(settings.limits().admission().trusted())
                .anyMatch(prefix -> prefix.contains(InetAddress.ofLiteral("192.0.2.77")))
                .anyMatch(prefix -> prefix.contains(InetAddress.ofLiteral("2001:db8:9::1")));
        assertThat(settings.trimming().idle()).isEqualTo(Duration.ZERO);
        assertThat(settings.trimming().high()).isZero();
    }

    @Test
    void giveOnePeerAndOneAddressAShareOfWhatIsSaidForAll() {
        var usual = settings(GIB, Map.of("buffered-bytes", "1G", "streams", "1000"));
        var said =
                settings(
                        GIB,
                        Map.of(
                                "streams-per-ip", "7",
                                "buffered-bytes-per-peer", "1M",
                                "buffered-bytes-per-ip", "0"));

        assertThat(usual.limits().admission().shares())
                .isEqualTo(new ShareLimits(250, 128L << 20, 512L << 20));
        assertThat(said.limits().admission().shares()).isEqualTo(new ShareLimits(7, 1 << 20, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "max, -1",
        "trusted-prefixes, 192.0.2.0/33",
        "trusted-prefixes, localhost",
        "low-water, 20000",
        "burst-per-ip, 0",
        "buffered-bytes, many",
        "buffered-bytes-per-peer, -1",
        "buffered-bytes-per-ip, much",
        "streams-per-ip, all",
        "grace, soon",
        "trim-interval, 0",
    })
    void refuseWhatCannotBeAndNameTheKey(String key, String value) {
        assertThatThrownBy(() -> settings(GIB, Map.of(key, value)))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("chiral.connections." + key);
    }
}
