// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.net.Inet4Address;
import java.util.List;
import java.util.Locale;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.dcutr.DcutrListener;
import network.chiral.edge.libp2p.protocol.relay.client.EdgeListener;
import network.chiral.edge.libp2p.protocol.relay.client.Reservation;
import network.chiral.edge.libp2p.protocol.relay.client.ReservationRefused;

/// What an edge does to be reached, under the names and labels of go-libp2p's `autorelay` and
/// `holepunch`.
@Singleton
public class EdgeMetrics implements EdgeListener, DcutrListener {
    private static final String AUTORELAY = "libp2p.autorelay.";
    private static final String HOLEPUNCH = "libp2p.holepunch.";

    private final MeterRegistry registry;
    private final Host host;

    EdgeMetrics(MeterRegistry registry, Host host) {
        this.registry = registry;
        this.host = host;
    }

    /// Begins to count.
    public void start() {
        var edge = host.edge();
        registry.gauge(AUTORELAY + "status", edge, e -> e.isActive() ? 1 : 0);
        registry.gauge("chiral.edge.reservations", edge, e -> e.reservations().size());
        registry.gauge(
                AUTORELAY + "relay.addresses.count",
                host,
                h -> h.announced().size() - h.directAddresses().size());
        edge.addListener(this);
        edge.onPunch(this);
    }

    // --- slots

    @Override
    public void onReserved(Reservation reservation, boolean renewal) {
        requested(renewal, "success");
        if (!renewal) {
            registry.counter(AUTORELAY + "reservations.opened").increment();
        }
    }

    @Override
    public void onRefused(PeerId relay, ReservationRefused why, boolean renewal) {
        requested(
                renewal,
                switch (why.why()) {
                    case REFUSED -> "reservation refused";
                    case RESOURCE_LIMIT_EXCEEDED -> "resource limit exceeded";
                    case PERMISSION_DENIED -> "permission denied";
                    case UNREACHABLE -> "connection failed";
                    case BAD_ANSWER, EXPIRED, NO_ADDRESS, BAD_VOUCHER -> "malformed message";
                    case NO_RELAY, RELAYED -> "err other";
                });
        registry.counter("chiral.edge.refusals", "reason", why.why().label()).increment();
    }

    private void requested(boolean renewal, String outcome) {
        registry.counter(
                        AUTORELAY + "reservation.requests.outcome",
                        "request_type",
                        renewal ? "refresh" : "new",
                        "outcome",
                        outcome)
                .increment();
    }

    @Override
    public void onLost(PeerId relay) {
        registry.counter(AUTORELAY + "reservations.closed").increment();
    }

    @Override
    public void onAddressesChanged() {
        registry.counter(AUTORELAY + "relay.addresses.updated").increment();
    }

    // --- hole punching

    @Override
    public void onDirectDial(PeerId peer, boolean success) {
        registry.counter(HOLEPUNCH + "direct.dials", "outcome", success ? "success" : "failed")
                .increment();
    }

    @Override
    public void onFinished(
            PeerId peer, Side side, int attempts, Outcome outcome, List<Multiaddr> theirs) {
        var part = side.name().toLowerCase(Locale.ROOT);
        var count = Integer.toString(attempts);
        var result = outcome.name().toLowerCase(Locale.ROOT);
        registry.counter(
                        HOLEPUNCH + "outcomes",
                        "side",
                        part,
                        "num_attempts",
                        count,
                        "outcome",
                        result)
                .increment();
        for (var address : theirs) {
            registry.counter(
                            HOLEPUNCH + "address.outcomes",
                            "side",
                            part,
                            "num_attempts",
                            count,
                            "ipv",
                            isIp4(address) ? "ip4" : "ip6",
                            "transport",
                            "tcp",
                            "outcome",
                            result)
                    .increment();
        }
    }

    private static boolean isIp4(Multiaddr address) {
        return address.ip().map(Inet4Address.class::isInstance).orElse(false);
    }

    @Override
    public void onProtocolError(PeerId peer, String why) {
        registry.counter("chiral.edge.dcutr.errors").increment();
    }
}
