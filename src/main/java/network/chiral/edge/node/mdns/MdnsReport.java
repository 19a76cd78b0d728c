// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.mdns;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.protocol.mdns.FoundPeer;
import network.chiral.edge.libp2p.protocol.mdns.MdnsListener;
import org.jboss.logging.Logger;

/// Tells the log whom mDNS finds, and the metrics what it does.
@Singleton
public class MdnsReport implements MdnsListener {
    private static final Logger LOG = Logger.getLogger(MdnsReport.class);

    private final MeterRegistry registry;
    private final Host host;

    MdnsReport(MeterRegistry registry, Host host) {
        this.registry = registry;
        this.host = host;
    }

    /// Begins to listen, where mDNS is on.
    public void start() {
        if (host.settings().mdns().enabled()) {
            Gauge.builder("chiral.mdns.peers", host::mdnsPeers).register(registry);
            host.onMdns(this);
        }
    }

    @Override
    public void onFound(FoundPeer peer) {
        LOG.infof("mDNS found a peer: peer=%s addresses=%s", peer.peer(), peer.addresses());
        registry.counter("chiral.mdns.found").increment();
    }

    @Override
    public void onIgnored(Ignored why) {
        registry.counter("chiral.mdns.ignored", "reason", why.label()).increment();
    }

    @Override
    public void onSent(boolean response) {
        registry.counter("chiral.mdns.sent", "kind", response ? "response" : "query").increment();
    }

    @Override
    public void onDialled(FoundPeer peer, boolean reached) {
        LOG.debugf("mDNS led to a dial: peer=%s reached=%s", peer.peer(), reached);
        registry.counter("chiral.mdns.dials", "outcome", reached ? "reached" : "failed")
                .increment();
    }
}
