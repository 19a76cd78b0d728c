// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.health;

import io.smallrye.health.api.Wellness;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/// How warm the peer cache is. Empty and cold are UP, they are facts and not faults; DOWN is a cache
/// that cannot be saved.
@Wellness
@Singleton
class CacheWarmthCheck implements HealthCheck {
    private final WarmthData data;

    CacheWarmthCheck(WarmthData data) {
        this.data = data;
    }

    @Override
    public HealthCheckResponse call() {
        return data.addTo(HealthCheckResponse.named("cache-warmth").status(!data.saveFails()))
                .build();
    }
}
