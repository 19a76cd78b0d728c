// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SysPropConfigSource;
import java.util.List;
import java.util.Map;
import network.chiral.edge.node.BadConfiguration;
import network.chiral.edge.node.Secrets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EffectiveValueTest {
    private static EffectiveValue value(SmallRyeConfig config, String key) {
        return EffectiveValue.all(KnownKeys.all(), config).stream()
                .filter(value -> value.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void saysWhereAValueComesFrom() {
        var config =
                TestConfiguration.of(
                        Map.of(),
                        TestConfiguration.file(Map.of("chiral.crypto", "java")),
                        TestConfiguration.environment(Map.of("CHIRAL_KAD_MODE", "server")));

        assertThat(value(config, "chiral.crypto").origin()).isEqualTo("file /etc/test.properties");
        assertThat(value(config, "chiral.kad.mode").value()).isEqualTo("server");
        assertThat(value(config, "chiral.kad.mode").origin()).isEqualTo("env CHIRAL_KAD_MODE");
        assertThat(value(config, "chiral.kad.storage").origin()).isEqualTo("default");
    }

    @Test
    void saysThatAValueIsASystemProperty() {
        System.setProperty("chiral.mdns.interval", "30s");
        try {
            var config =
                    TestConfiguration.of(
                            Map.of(),
                            new SysPropConfigSource(),
                            TestConfiguration.environment(Map.of("CHIRAL_MDNS_INTERVAL", "20s")));

            var value = value(config, "chiral.mdns.interval");

            assertThat(value.value()).isEqualTo("30s");
            assertThat(value.origin()).isEqualTo("system property");
        } finally {
            System.clearProperty("chiral.mdns.interval");
        }
    }

    @Test
    void tellsWhatADefaultFollowsFrom() {
        var config =
                TestConfiguration.of(
                        Map.of(
                                "chiral.relay.preset", "rust",
                                "chiral.data-dir", "/data"),
                        Map.of());

        assertThat(value(config, "chiral.relay.reservations"))
                .isEqualTo(
                        new EffectiveValue(
                                "chiral.relay.reservations",
                                "CHIRAL_RELAY_RESERVATIONS",
                                "128",
                                "of the preset rust"));
        assertThat(value(config, "chiral.relay.reservation-rate-per-ip").value())
                .isEqualTo("60+1/1m");
        assertThat(value(config, "chiral.cache.file").value()).isEqualTo("/data/peer_cache.json");
    }

    /// Every key with a default of its own has a value; what has none is a list or a file that may be absent.
    @Test
    void leavesOnlyThoseEmptyThatNothingIsKnownOf() {
        var config = TestConfiguration.of(Map.of(), Map.of());

        var empty =
                EffectiveValue.all(KnownKeys.all(), config).stream()
                        .filter(value -> value.key().startsWith("chiral."))
                        .filter(value -> value.value().isEmpty())
                        .map(EffectiveValue::key)
                        .toList();

        assertThat(empty)
                .allMatch(key ->
                        KnownKeys.all().isList(key)
                                || key.endsWith("-file")
                                || key.equals("chiral.identity.ordinal")
                                || key.equals("chiral.public-ip"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chiral.admin.token",
                "chiral.identity.secret",
                "chiral.identity.seed",
                "quarkus.tls.key-store.password",
                "chiral.private-key"
            })
    void masksSecrets(String key) {
        assertThat(Secrets.isSecret(key)).isTrue();
        assertThat(new BadConfiguration(key, "hunter2", "longer").sentence())
                .doesNotContain("hunter2");
    }

    @Test
    void masksNoneOfTodaysKeys() {
        var masked = KnownKeys.all().keys().stream().filter(Secrets::isSecret).toList();

        assertThat(masked).isEqualTo(List.of());
    }
}
