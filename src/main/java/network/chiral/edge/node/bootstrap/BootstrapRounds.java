// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.bootstrap;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.DialException;
import network.chiral.edge.node.NodeSettings;
import network.chiral.edge.node.SettingValue;
import org.jboss.logging.Logger;

/// Dials each configured bootstrap peer, and again every half minute or so while it is not connected.
@Singleton
public class BootstrapRounds {
    private static final Logger LOG = Logger.getLogger(BootstrapRounds.class);
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final Host host;
    private final NodeSettings settings;
    private final List<Thread> threads = new ArrayList<>();

    BootstrapRounds(Host host, NodeSettings settings) {
        this.host = host;
        this.settings = settings;
    }

    /// Starts one virtual thread per bootstrap peer.
    public synchronized void start() {
        var byPeer = new LinkedHashMap<PeerId, List<Multiaddr>>();
        for (var address : settings.bootstrap()) {
            byPeer.computeIfAbsent(SettingValue.peerOf(address), _ -> new ArrayList<>())
                    .add(address);
        }
        byPeer.remove(host.peerId()); // one list may serve all nodes of a network
        var peers = Set.copyOf(byPeer.keySet());
        host.keep(peers::contains);
        for (var entry : byPeer.entrySet()) {
            threads.add(Thread.ofVirtual().name("bootstrap").start(() -> stay(entry)));
        }
    }

    private void stay(Map.Entry<PeerId, List<Multiaddr>> peer) {
        boolean wasConnected = false;
        boolean told = false;
        try {
            while (true) {
                boolean connected = host.connection(peer.getKey()).isPresent();
                if (!connected) {
                    connected = dial(peer, told);
                    told = !connected;
                }
                if (connected && !wasConnected) {
                    LOG.infof("Connected to a bootstrap peer: peer=%s", peer.getKey());
                }
                wasConnected = connected;
                // a crowd of nodes that lost the same peer does not come back at the same moment
                Thread.sleep(PAUSE.plusMillis(ThreadLocalRandom.current().nextInt(10_000)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean dial(Map.Entry<PeerId, List<Multiaddr>> peer, boolean told)
            throws InterruptedException {
        try {
            host.dial(peer.getKey(), peer.getValue(), true);
            return true;
        } catch (DialException e) {
            if (!told) {
                LOG.warnf("A bootstrap peer cannot be reached: reason=%s", e.getMessage());
            }
            return false;
        }
    }

    /// Dials no more.
    public synchronized void stop() {
        threads.forEach(Thread::interrupt);
    }
}
