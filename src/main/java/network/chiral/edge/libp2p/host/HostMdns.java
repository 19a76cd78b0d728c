// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.mdns.FoundPeer;
import network.chiral.edge.libp2p.protocol.mdns.MdnsLink;
import network.chiral.edge.libp2p.protocol.mdns.MdnsListener;
import network.chiral.edge.libp2p.protocol.mdns.MdnsService;
import network.chiral.edge.libp2p.protocol.mdns.MdnsSurroundings;
import network.chiral.edge.libp2p.protocol.mdns.UdpLinks;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.DialException;
import network.chiral.edge.libp2p.swarm.Dialer;
import network.chiral.edge.libp2p.swarm.Swarm;

/// The host's mDNS: tells where it listens, and dials whom it hears of.
final class HostMdns implements MdnsSurroundings {
    private final HostSettings settings;
    private final Swarm swarm;
    private final Dialer dialer;
    private final ListenAddresses listening;
    private final MdnsService service;

    HostMdns(
            HostSettings settings,
            Swarm swarm,
            Dialer dialer,
            ListenAddresses listening,
            Clock clock) {
        this.settings = settings;
        this.swarm = swarm;
        this.dialer = dialer;
        this.listening = listening;
        this.service = new MdnsService(settings.mdns(), this, settings.threads(), clock);
    }

    /// To be called when the host listens.
    void start() {
        if (settings.mdns().enabled()) {
            service.start();
        }
    }

    void stop() {
        service.stop();
    }

    void addListener(MdnsListener listener) {
        service.addListener(listener);
    }

    /// Peers of the links known now.
    int peers() {
        return service.peers();
    }

    // --- asked by the service

    @Override
    public PeerId self() {
        return settings.identity().peerId();
    }

    @Override
    public AddressScope scope() {
        return settings.scope();
    }

    @Override
    public List<Multiaddr> listening() {
        return listening.reachable(settings.scope()::allows);
    }

    @Override
    public List<MdnsLink> openLinks(Set<String> open) {
        return UdpLinks.open(open);
    }

    @Override
    public boolean isConnected(PeerId peer) {
        return swarm.connection(peer).isPresent();
    }

    @Override
    public boolean dial(FoundPeer peer) throws InterruptedException {
        try {
            dialer.dial(peer.peer(), peer.addresses(), false);
            return true;
        } catch (DialException e) {
            return false; // it says it is there again, if it is
        }
    }
}
