// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.DialException.Reason;
import network.chiral.edge.libp2p.swarm.DialOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DialMetersTest {
    private static final Multiaddr FOUR = Multiaddr.parse("/ip4/198.51.100.1/tcp/4001");
    private static final Multiaddr SIX = Multiaddr.parse("/ip6/2001:db8::1/tcp/4001");
    private static final Duration MOMENT = Duration.ofMillis(7);

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final DialMeters meters = new DialMeters(registry);

    private double count(String name, String... labels) {
        return registry.get("libp2p.swarm." + name).tags(labels).counter().count();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 5", "6, >=6", "60, >=6"})
    void countsHowManyAddressesAPeerTook(int tried, String label) {
        meters.dialled(new DialOutcome(Optional.of(FOUR), tried, MOMENT, MOMENT));
        meters.dialled(new DialOutcome(Optional.empty(), tried, MOMENT, Duration.ZERO));

        assertThat(count("dials.per.peer", "outcome", "success", "num_dials", label)).isOne();
        assertThat(count("dials.per.peer", "outcome", "failed", "num_dials", label)).isOne();
        assertThat(registry.get("libp2p.swarm.dial.ranking.delay").timer().count())
                .as("how long an address waited that became nothing is not told")
                .isOne();
    }

    @ParameterizedTest
    @CsvSource({
        "TIMEOUT, timeout",
        "REFUSED, connection refused",
        "HANDSHAKE, other",
        "CANCELLED, canceled: other"
    })
    void namesAFailureAsGoLibp2pDoes(Reason reason, String error) {
        meters.failed(SIX, reason);

        assertThat(count("dial.errors", "transport", "tcp", "error", error, "ip_version", "ip6"))
                .isOne();
    }

    @Test
    void tellsTheShareOfTheLastHundredDialsByIp6() {
        var share = registry.get("libp2p.swarm.black.hole.filter.success.fraction").gauge();
        assertThat(share.value()).isNaN();

        for (int i = 0; i < 50; i++) {
            meters.failed(SIX, Reason.TIMEOUT);
            meters.failed(FOUR, Reason.TIMEOUT);
            meters.failed(SIX, Reason.CANCELLED); // says nothing of the way
        }
        for (int i = 0; i < 75; i++) {
            meters.dialled(new DialOutcome(Optional.of(SIX), 1, MOMENT, MOMENT));
        }

        assertThat(share.value()).isEqualTo(0.75);
    }
}
