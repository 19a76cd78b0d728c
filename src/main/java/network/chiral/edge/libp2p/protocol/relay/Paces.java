// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.swarm.Pace;

/// The paces that circuits go by: their own, that of each of their ends, and that of all.
final class Paces {
    private static final class OfPeer {
        final Pace pace;
        int circuits;

        OfPeer(Pace pace) {
            this.pace = pace;
        }
    }

    private final Bandwidth bandwidth;
    private final Map<PeerId, OfPeer> peers = new HashMap<>();
    private final List<Pace> total;

    Paces(Bandwidth bandwidth) {
        this.bandwidth = bandwidth;
        this.total = bandwidth.total() == 0 ? List.of() : List.of(pace(bandwidth.total()));
    }

    private static Pace pace(long bytesPerSecond) {
        return new Pace(bytesPerSecond, System.nanoTime());
    }

    /// What a circuit that begins goes by; empty where nothing is limited.
    synchronized List<Pace> begin(PeerId source, PeerId destination) {
        var all = new ArrayList<>(total);
        if (bandwidth.perCircuit() > 0) {
            all.add(pace(bandwidth.perCircuit()));
        }
        if (bandwidth.perPeer() > 0) {
            all.add(join(source));
            all.add(join(destination));
        }
        return all;
    }

    private Pace join(PeerId peer) {
        var own = peers.computeIfAbsent(peer, _ -> new OfPeer(pace(bandwidth.perPeer())));
        own.circuits++;
        return own.pace;
    }

    /// Ends what [#begin] began.
    synchronized void end(PeerId source, PeerId destination) {
        if (bandwidth.perPeer() > 0) {
            leave(source);
            leave(destination);
        }
    }

    private void leave(PeerId peer) {
        peers.computeIfPresent(peer, (_, own) -> --own.circuits == 0 ? null : own);
    }

    /// Peers whose pace is remembered.
    synchronized int peers() {
        return peers.size();
    }
}
