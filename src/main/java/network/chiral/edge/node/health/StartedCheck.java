// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.health;

import jakarta.inject.Singleton;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.node.reconnect.CacheWarmth;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/// The listeners are bound and the cache has been read.
@Startup
@Singleton
class StartedCheck implements HealthCheck {
    private final Host host;
    private final NodeState state;
    private final CacheWarmth warmth;

    StartedCheck(Host host, NodeState state, CacheWarmth warmth) {
        this.host = host;
        this.state = state;
        this.warmth = warmth;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("started")
                .status(state.isStarted() && warmth.isRead())
                .withData("listening", host.listening().toString())
                .withData("cacheRead", warmth.isRead())
                .build();
    }
}
