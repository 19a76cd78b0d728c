// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.health;

import jakarta.inject.Singleton;
import java.time.Duration;
import network.chiral.edge.libp2p.crypto.Selection;
import network.chiral.edge.libp2p.host.Host;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// The event loops come round and the listeners are bound. Nothing that a restart would not mend.
@Liveness
@Singleton
class NodeAliveCheck implements HealthCheck {
    /// A loop ticks once a second; one that did not for this long is stuck.
    private static final Duration STUCK = Duration.ofSeconds(30);

    private final Host host;
    private final NodeState state;
    private final Selection crypto;

    NodeAliveCheck(Host host, NodeState state, Selection crypto) {
        this.host = host;
        this.state = state;
        this.crypto = crypto;
    }

    @Override
    public HealthCheckResponse call() {
        var lag = host.eventLoopLag();
        boolean bound = host.isListening() || state.isDraining() || !state.isStarted();
        var response =
                HealthCheckResponse.named("node")
                        .status(bound && lag.compareTo(STUCK) < 0)
                        .withData("eventLoopLagMillis", lag.toMillis())
                        .withData("listening", host.isListening())
                        .withData("transport", host.transportName())
                        .withData("crypto", crypto.provider().name());
        if (!crypto.rejected().isEmpty()) {
            response.withData("cryptoRejected", crypto.rejected().toString());
        }
        return response.build();
    }
}
