// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.health;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/// What the probes would answer, for those who ask in other words.
@Singleton
public class Probes {
    private final NodeAliveCheck alive;
    private final ReadyCheck ready;

    Probes(@Liveness NodeAliveCheck alive, @Readiness ReadyCheck ready) {
        this.alive = alive;
        this.ready = ready;
    }

    public boolean isAlive() {
        return alive.call().getStatus() == Status.UP;
    }

    public boolean isReady() {
        return whyNotReady().isEmpty();
    }

    /// Why no peers should be sent here; empty where they may.
    public String whyNotReady() {
        return ready.reason();
    }
}
