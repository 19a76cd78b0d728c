// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.kad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.protocol.kad.KadLimits;
import network.chiral.edge.libp2p.protocol.kad.KadSettings;
import network.chiral.edge.libp2p.protocol.kad.KadTimes;
import network.chiral.edge.node.BadConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KadReaderTest {
    private static KadSettings read(Map<String, String> values) {
        var builder = new SmallRyeConfigBuilder().withMapping(KadConfig.class);
        values.forEach(builder::withDefaultValue);
        return KadReader.read(builder.build().getConfigMapping(KadConfig.class));
    }

    @Test
    void theDefaultsAreThoseOfTheStack() {
        assertThat(read(Map.of()))
                .isEqualTo(KadSettings.CHIRAL.with(KadLimits.DEFAULT).with(KadTimes.DEFAULT));
    }

    @Test
    void takesSeveralDhtsAndAllOtherValues() {
        var settings =
                read(
                        Map.of(
                                "chiral.kad.protocols", "/chiral/kad/1.0.0,/ipfs/kad/1.0.0",
                                "chiral.kad.mode", "client",
                                "chiral.kad.storage", "router-only",
                                "chiral.kad.record-bytes", "1G",
                                "chiral.kad.provider-lifetime", "48h"));

        assertThat(settings.protocols())
                .containsExactly(
                        new ProtocolId("/chiral/kad/1.0.0"), new ProtocolId("/ipfs/kad/1.0.0"));
        assertThat(settings.mode()).isEqualTo(KadSettings.Mode.CLIENT);
        assertThat(settings.storage()).isEqualTo(KadSettings.Storage.ROUTER_ONLY);
        assertThat(settings.limits().recordBytes()).isEqualTo(1L << 30);
        assertThat(settings.times().providerLifetime()).isEqualTo(Duration.ofHours(48));
    }

    @Test
    void noneIsNoDht() {
        assertThat(read(Map.of("chiral.kad.protocols", "none")).protocols()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "protocols, chiral",
        "mode, maybe",
        "storage, some",
        "records, -1",
        "record-bytes, much",
        "verify-every, 0s",
        "query-timeout, soon"
    })
    void aBadValueStopsTheStartWithItsKey(String key, String value) {
        assertThatThrownBy(() -> read(Map.of("chiral.kad." + key, value)))
                .isInstanceOf(BadConfiguration.class)
                .hasMessageContaining("chiral.kad." + key + " is '" + value + "'");
    }
}
