// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.health;

import jakarta.inject.Singleton;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.node.NodeSettings;
import network.chiral.edge.node.reconnect.CacheWarmth;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Peers may be sent here: an address is known under which they reach the node, it is not shutting
/// down, and the round of redials is over. It never asks for connected peers: the first node of a
/// network has none.
@Readiness
@Singleton
class ReadyCheck implements HealthCheck {
    private final Host host;
    private final NodeSettings settings;
    private final NodeState state;
    private final CacheWarmth warmth;
    private final WarmthData data;

    ReadyCheck(
            Host host,
            NodeSettings settings,
            NodeState state,
            CacheWarmth warmth,
            WarmthData data) {
        this.host = host;
        this.settings = settings;
        this.state = state;
        this.warmth = warmth;
        this.data = data;
    }

    @Override
    public HealthCheckResponse call() {
        var reason = reason();
        var response =
                HealthCheckResponse.named("ready")
                        .status(reason.isEmpty())
                        .withData("announced", host.announced().toString());
        if (!reason.isEmpty()) {
            response.withData("reason", reason);
        }
        return data.addTo(response).build();
    }

    String reason() {
        if (state.isDraining()) {
            return "the node is shutting down";
        }
        if (!state.isStarted()) {
            return "the node is starting";
        }
        boolean usable = host.announced().stream().anyMatch(settings.scope()::allows);
        if (!usable) {
            return host.edge().isActive()
                    ? "no relay lets this node be reached yet; chiral.edge.relays names some"
                    : "no address to announce is in scope; set chiral.announce, or"
                            + " chiral.address-scope";
        }
        return warmth.isSettled() ? "" : "cached peers are being redialled";
    }
}
