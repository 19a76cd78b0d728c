// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import network.chiral.edge.libp2p.swarm.Connection.Direction;
import network.chiral.edge.libp2p.swarm.HandshakeFailure;
import network.chiral.edge.libp2p.swarm.StreamRefusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@SuppressWarnings("deprecation") // the registry of Quarkus is the one on the old client
class BlockedResourcesTest {
    private static final String NAME = "libp2p_rcmgr_blocked_resources";

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final BlockedResources blocked = new BlockedResources(registry);

    private static String series(String dir, String scope, String resource) {
        return NAME + "{dir=\"%s\",resource=\"%s\",scope=\"%s\",}".formatted(dir, resource, scope);
    }

    private static String sum(String scrape) {
        return scrape.lines()
                .filter(line -> line.startsWith(NAME))
                .filter(line -> !line.endsWith(" 0.0"))
                .toList()
                .toString();
    }

    @ParameterizedTest
    @CsvSource({
        "TOO_MANY_CONNECTIONS, system",
        "TOO_MANY_HANDSHAKES, transient",
        "TOO_MANY_OF_PEER, peer",
        "TOO_MANY_OF_PREFIX, prefix",
        "TOO_MANY_HANDSHAKES_OF_PREFIX, prefix",
        "TOO_FAST, prefix",
    })
    void countsAConnectionInTheScopeWhoseLimitItMet(HandshakeFailure failure, String scope) {
        blocked.refused(Direction.INBOUND, failure);
        blocked.refused(Direction.INBOUND, failure);

        assertThat(sum(registry.scrape()))
                .isEqualTo("[" + series("inbound", scope, "connection") + " 2.0]");
    }

    @ParameterizedTest
    @CsvSource({
        "TOO_MANY, inbound, system, stream",
        "TOO_MANY_OF_PEER, inbound, peer, stream",
        "TOO_MANY_OF_PREFIX, inbound, prefix, stream",
        "MEMORY, '', system, memory",
        "MEMORY_OF_PEER, '', peer, memory",
        "MEMORY_OF_PREFIX, '', prefix, memory",
    })
    void countsAStreamInTheScopeWhoseLimitItMet(
            StreamRefusal why, String dir, String scope, String resource) {
        blocked.refused(why);

        assertThat(sum(registry.scrape())).isEqualTo("[" + series(dir, scope, resource) + " 1.0]");
    }

    @ParameterizedTest
    @EnumSource(HandshakeFailure.class)
    void countsWhatALimitWasTheReasonOfAndNothingElse(HandshakeFailure failure) {
        blocked.refused(Direction.OUTBOUND, failure);

        assertThat(sum(registry.scrape()).contains("dir=\"outbound\""))
                .isEqualTo(failure.isLimit());
    }

    @Test
    void showsEverySeriesBeforeAnythingWasRefused() {
        assertThat(registry.scrape().lines().filter(line -> line.startsWith(NAME)))
                .hasSize(4 + 6)
                .allMatch(line -> line.endsWith(" 0.0"));
    }
}
