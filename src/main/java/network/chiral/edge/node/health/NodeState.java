// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.health;

import jakarta.inject.Singleton;

/// Whether the node is on its way up, at work, or on its way down.
@Singleton
public class NodeState {
    private volatile boolean started;
    private volatile boolean draining;

    /// Listeners are bound and the cache has been read.
    public void started() {
        started = true;
    }

    /// The node is shutting down.
    public void draining() {
        draining = true;
    }

    public boolean isStarted() {
        return started;
    }

    public boolean isDraining() {
        return draining;
    }
}
