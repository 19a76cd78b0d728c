// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.swarm.Threads;

/// Lets a few conversations with one peer go on at a time, the others wait in order.
final class Turns {
    private static final class Queue {
        final Semaphore places;
        int users; // holding a place or waiting for one; guarded by the map

        Queue(int places) {
            this.places = new Semaphore(places, true);
        }
    }

    private final int perPeer;
    private final Threads threads;
    private final Map<PeerId, Queue> queues = new HashMap<>();

    Turns(int perPeer, Threads threads) {
        this.perPeer = perPeer;
        this.threads = threads;
    }

    /// Waits for a turn; false where none came within `patience`.
    boolean await(PeerId peer, Duration patience) throws InterruptedException {
        Queue queue;
        synchronized (queues) {
            queue = queues.computeIfAbsent(peer, _ -> new Queue(perPeer));
            queue.users++;
        }
        boolean taken = false;
        try {
            taken = threads.acquire(queue.places, patience);
            return taken;
        } finally {
            if (!taken) {
                leave(peer, queue);
            }
        }
    }

    /// Ends a turn that [#await] gave.
    void done(PeerId peer) {
        Queue queue;
        synchronized (queues) {
            queue = queues.get(peer);
        }
        if (queue != null) {
            queue.places.release();
            leave(peer, queue);
        }
    }

    /// Peers that somebody has a turn with or waits for.
    int peers() {
        synchronized (queues) {
            return queues.size();
        }
    }

    private void leave(PeerId peer, Queue queue) {
        synchronized (queues) {
            if (--queue.users == 0) {
                queues.remove(peer);
            }
        }
    }
}
