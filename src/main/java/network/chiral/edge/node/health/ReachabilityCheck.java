// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.health;

import io.smallrye.health.api.Wellness;
import jakarta.inject.Singleton;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.protocol.autonat.Reachability;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/// Whether others can connect to the node. Always UP: it is a fact about the network around the node, and
/// no restart mends it. Who says so is told by the admin API, because it names peers.
@Singleton
@Wellness
class ReachabilityCheck implements HealthCheck {
    private final Host host;

    ReachabilityCheck(Host host) {
        this.host = host;
    }

    @Override
    public HealthCheckResponse call() {
        var details = host.reachability();
        return HealthCheckResponse.named("reachability")
                .up()
                .withData("reachability", details.overall().label())
                .withData("confidence", details.confidence())
                .withData("since", details.since().toString())
                .withData("confirmed", details.addresses(Reachability.PUBLIC).toString())
                .withData("unreachable", details.addresses(Reachability.PRIVATE).toString())
                .withData("undecided", details.addresses(Reachability.UNKNOWN).toString())
                .build();
    }
}
