// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import network.chiral.edge.libp2p.identity.PeerId;
import org.jspecify.annotations.Nullable;

/// Lets a few inquiries to one peer be under way at a time, the others wait in order, without threads.
///
/// Safe for use by many threads; calls nobody while it holds its lock.
final class Turns {
    /// Whoever wants a turn. Equal to nobody but itself.
    interface Waiter {
        /// It is this one's turn, until [#done]; false where it makes no use of it, so that it is over.
        boolean onTurn();
    }

    private static final class Queue {
        final LinkedHashSet<Waiter> waiting = new LinkedHashSet<>(2);
        int taken;
    }

    private final int perPeer;
    private final Map<PeerId, Queue> queues = new HashMap<>();

    Turns(int perPeer) {
        this.perPeer = perPeer;
    }

    /// Gives `waiter` its turn now, or later; true where it waits.
    boolean give(PeerId peer, Waiter waiter) {
        if (waits(peer, waiter)) {
            return true;
        }
        if (!waiter.onTurn()) {
            done(peer);
        }
        return false;
    }

    private synchronized boolean waits(PeerId peer, Waiter waiter) {
        var queue = queues.computeIfAbsent(peer, _ -> new Queue());
        if (queue.taken < perPeer) {
            queue.taken++;
            return false;
        }
        queue.waiting.add(waiter);
        return true;
    }

    /// Ends a turn: whoever has waited longest has it now.
    void done(PeerId peer) {
        var next = next(peer);
        while (next != null && !next.onTurn()) {
            next = next(peer);
        }
    }

    private synchronized @Nullable Waiter next(PeerId peer) {
        var queue = queues.get(peer);
        if (queue == null) {
            return null;
        }
        if (!queue.waiting.isEmpty()) {
            return queue.waiting.removeFirst();
        }
        if (--queue.taken == 0) {
            queues.remove(peer);
        }
        return null;
    }

    /// `waiter` waits no longer; false where it had its turn meanwhile.
    synchronized boolean leave(PeerId peer, Waiter waiter) {
        var queue = queues.get(peer);
        return queue != null && queue.waiting.remove(waiter);
    }

    /// Peers that somebody has a turn with or waits for.
    synchronized int peers() {
        return queues.size();
    }
}
