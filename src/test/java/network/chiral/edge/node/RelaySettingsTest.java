// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import network.chiral.edge.libp2p.protocol.relay.AdmissionLimits;
import network.chiral.edge.libp2p.protocol.relay.AdmissionLimits.PrefixCap;
import network.chiral.edge.libp2p.protocol.relay.Bandwidth;
import network.chiral.edge.libp2p.protocol.relay.RelayLimits;
import network.chiral.edge.libp2p.swarm.Rate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelaySettingsTest {
    private static RelayLimits limits(Map<String, String> values) {
        var config =
                new SmallRyeConfigBuilder()
                        .withMapping(RelayConfig.class)
                        .withSources(new PropertiesConfigSource(values, "test", 500))
                        .build();
        return RelaySettings.limits(config.getConfigMapping(RelayConfig.class));
    }

    @ParameterizedTest
    @CsvSource({"chiral, 4096", "go, 128", "RUST, 128", "unlimited, 0"})
    void beginWithAPreset(String preset, int reservations) {
        var limits = limits(Map.of("chiral.relay.preset", preset));

        assertThat(limits.reservations()).isEqualTo(reservations);
        assertThat(limits.bandwidth()).isEqualTo(Bandwidth.UNLIMITED);
    }

    @Test
    void takeTheirAdmissionFromThePresetWhereNothingElseIsSaid() {
        assertThat(limits(Map.of()).admission().perPrefix())
                .isEqualTo(AdmissionLimits.CHIRAL.perPrefix());
        assertThat(limits(Map.of("chiral.relay.preset", "rust")).admission().reservationsPerPeer())
                .isEqualTo(new Rate(30, Duration.ofMinutes(2)));
    }

    @Test
    void readWhatTakesThePresetsPlace() {
        var limits =
                limits(
                        Map.of(
                                "chiral.relay.reservations-per-prefix", "ip4/24=10, ip6/48=20",
                                "chiral.relay.reservations-per-asn", "7",
                                "chiral.relay.reservation-rate-per-peer", "5+1/30s",
                                "chiral.relay.reservation-rate-per-ip", "0",
                                "chiral.relay.trusted-prefixes", "198.51.100.7,192.0.2.0/24=500",
                                "chiral.relay.bandwidth-per-peer", "1M"));

        var admission = limits.admission();
        assertThat(admission.perPrefix())
                .containsExactly(new PrefixCap(false, 24, 10), new PrefixCap(true, 48, 20));
        assertThat(admission.perAsn()).isEqualTo(7);
        assertThat(admission.reservationsPerPeer()).isEqualTo(new Rate(5, Duration.ofSeconds(30)));
        assertThat(admission.reservationsPerAddress().isNone()).isTrue();
        assertThat(slots(admission, "198.51.100.7")).isZero();
        assertThat(slots(admission, "192.0.2.9")).isEqualTo(500);
        assertThat(limits.bandwidth()).isEqualTo(new Bandwidth(0, 1 << 20, 0));
    }

    private static int slots(AdmissionLimits admission, String address) {
        var from = InetAddress.ofLiteral(address);
        return admission.trusted().longest(from).orElseThrow().getValue();
    }

    @ParameterizedTest
    @CsvSource({
        "reservations-per-prefix, ip4/33=1",
        "reservations-per-prefix, ip6/65=1",
        "reservations-per-prefix, ip4/24=0",
        "reservations-per-prefix, /24=1",
        "reservation-rate-per-peer, 30",
        "reservation-rate-per-peer, 0+1/2m",
        "reservation-rate-per-peer, 30+1/0s",
        "circuit-rate-per-ip, 30+2/1m",
        "trusted-prefixes, example.net",
        "trusted-prefixes, 192.0.2.0/24=many",
        "bandwidth-total, fast",
        "preset, generous",
    })
    void stopTheStartWithTheKeyOfABadValue(String key, String value) {
        assertThatThrownBy(() -> limits(Map.of("chiral.relay." + key, value)))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("chiral.relay." + key)
                .hasMessageContaining(value);
    }
}
