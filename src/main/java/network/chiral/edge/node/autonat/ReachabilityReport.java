// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.autonat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.net.Inet4Address;
import java.util.Optional;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatListener;
import network.chiral.edge.libp2p.protocol.autonat.AutoNatV1Status;
import network.chiral.edge.libp2p.protocol.autonat.ProbeOutcome;
import network.chiral.edge.libp2p.protocol.autonat.Reachability;
import network.chiral.edge.libp2p.protocol.autonat.ReachabilityDetails;
import org.jboss.logging.Logger;

/// Tells the log when the node's reachability changes and why, and the metrics what AutoNAT does, under
/// the names and labels of go-libp2p's `autonat`, `autonatv2` and `host_addrs`.
@Singleton
public class ReachabilityReport implements AutoNatListener {
    private static final Logger LOG = Logger.getLogger(ReachabilityReport.class);
    private static final String V1 = "libp2p.autonat.";
    private static final String V2 = "libp2p.autonatv2.";

    private final MeterRegistry registry;
    private final Host host;
    private volatile boolean told; // anything but "nothing is known yet"

    ReachabilityReport(MeterRegistry registry, Host host) {
        this.registry = registry;
        this.host = host;
    }

    /// Begins to listen.
    public void start() {
        Gauge.builder(V1 + "reachability.status", this::status).register(registry);
        Gauge.builder(V1 + "reachability.status.confidence", () -> host.reachability().confidence())
                .register(registry);
        Gauge.builder(
                        V1 + "next.probe.timestamp",
                        () -> host.nextReachabilityProbe().getEpochSecond())
                .register(registry);
        for (var six : new boolean[] {false, true}) {
            addresses("reachable", Reachability.PUBLIC, six);
            addresses("unreachable", Reachability.PRIVATE, six);
            addresses("unknown", Reachability.UNKNOWN, six);
        }
        host.onAutoNat(this);
    }

    /// go-libp2p's numbers of network.Reachability.
    private int status() {
        return switch (host.reachability().overall()) {
            case UNKNOWN -> 0;
            case PUBLIC -> 1;
            case PRIVATE -> 2;
        };
    }

    private void addresses(String name, Reachability verdict, boolean six) {
        Gauge.builder("libp2p.host.addrs." + name, () -> count(verdict, six))
                .tag("ipv", six ? "ip6" : "ip4")
                .tag("transport", "tcp")
                .register(registry);
    }

    private long count(Reachability verdict, boolean six) {
        return host.reachability().addresses(verdict).stream()
                .filter(address -> six != isFour(address))
                .count();
    }

    /// Names count as IPv4, which Chiral's clients look for behind them.
    private static boolean isFour(Multiaddr address) {
        return address.ip().map(Inet4Address.class::isInstance).orElse(true);
    }

    @Override
    public void onReachability(ReachabilityDetails details) {
        boolean known =
                details.overall() != Reachability.UNKNOWN
                        || details.addresses().stream()
                                .anyMatch(one -> one.reachability() != Reachability.UNKNOWN);
        if (!known && !told) {
            return;
        }
        told = known;
        LOG.infof(
                "Reachability: status=%s confidence=%d reachable=%s unreachable=%s reason=%s",
                details.overall().label(),
                details.confidence(),
                details.addresses(Reachability.PUBLIC),
                details.addresses(Reachability.PRIVATE),
                details.why());
    }

    // --- go-libp2p's autonat

    @Override
    public void onAnswered(AutoNatV1Status status) {
        registry.counter(V1 + "outgoing.dial.response", "response_status", label(status))
                .increment();
    }

    @Override
    public void onRefused(Refusal why) {
        registry.counter(V1 + "outgoing.dial.refused", "refusal_reason", why.label()).increment();
    }

    @Override
    public void onReceived(AutoNatV1Status status) {
        registry.counter(V1 + "received.dial.response", "response_status", label(status))
                .increment();
    }

    private static String label(AutoNatV1Status status) {
        return switch (status) {
            case OK -> "ok";
            case E_DIAL_ERROR -> "dial error";
            case E_DIAL_REFUSED -> "dial refused";
            case E_BAD_REQUEST -> "bad request";
            case E_INTERNAL_ERROR -> "internal error";
        };
    }

    // --- go-libp2p's autonatv2

    @Override
    public void onServed(Served request) {
        registry.counter(
                        V2 + "requests.completed",
                        "server_error",
                        request.fault().label(),
                        "response_status",
                        request.status().name(),
                        "dial_status",
                        request.dialStatus().name(),
                        "dial_data_required",
                        Boolean.toString(request.dialData()),
                        "ip_or_dns_version",
                        request.dialled().map(ReachabilityReport::version).orElse(""),
                        "transport",
                        request.dialled().map(_ -> "tcp").orElse(""))
                .increment();
    }

    @Override
    public void onProbed(int asked, ProbeOutcome outcome) {
        boolean failed = outcome instanceof ProbeOutcome.Failed;
        registry.counter(V2 + "client.requests", "outcome", failed ? "failure" : "success")
                .increment();
        switch (outcome) {
            case ProbeOutcome.Reached(var address) -> completed(asked, address, "false", "public");
            case ProbeOutcome.Unreached(var address) ->
                    completed(asked, address, "false", "private");
            case ProbeOutcome.Refused() -> completed(asked, Optional.empty(), "true", "unknown");
            case ProbeOutcome.Failed(_) -> {
                // counted above
            }
        }
    }

    private void completed(
            int asked, Optional<Multiaddr> address, String refused, String reachability) {
        registry.counter(
                        V2 + "client.requests.completed",
                        "ip_or_dns_version",
                        address.map(ReachabilityReport::version).orElse("unknown"),
                        "transport",
                        address.map(_ -> "tcp").orElse("unknown"),
                        "addr_count",
                        Integer.toString(asked),
                        "dial_refused",
                        refused,
                        "reachability",
                        reachability)
                .increment();
    }

    private static String version(Multiaddr address) {
        return switch (address.parts().getFirst().protocol()) {
            case IP4 -> "ip4";
            case IP6 -> "ip6";
            case DNS4 -> "dns4";
            case DNS6 -> "dns6";
            case DNS, DNSADDR -> "dns";
            default -> "unknown";
        };
    }
}
