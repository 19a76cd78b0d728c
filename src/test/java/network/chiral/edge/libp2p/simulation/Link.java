// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.time.Duration;
import network.chiral.edge.libp2p.swarm.Connection.Direction;

/// What lies between the two ends of a connection: a delay, and perhaps nothing any more.
///
/// What one end sends arrives at the other in its order.
final class Link {
    /// How long an end takes to see that the other has gone without a word: a keepalive that is due
    /// within 30 s, and as long again for its answer.
    private static final Duration LEAST_UNNOTICED = Duration.ofSeconds(30);

    private static final Duration MOST_UNNOTICED = Duration.ofSeconds(60);

    private final World world;
    private final Simulator simulator;
    private final Duration latency;
    private final MemoryConnection dialer;
    private final MemoryConnection listener;
    private final long[] latest = new long[2]; // arrival at the dialer, at the listener
    private boolean broken;

    Link(World world, SimulatedNode dialer, SimulatedNode listener, Duration latency) {
        this.world = world;
        this.simulator = world.simulator();
        this.latency = latency;
        this.dialer = new MemoryConnection(dialer, listener, Direction.OUTBOUND, this);
        this.listener = new MemoryConnection(listener, dialer, Direction.INBOUND, this);
    }

    MemoryConnection dialer() {
        return dialer;
    }

    MemoryConnection listener() {
        return listener;
    }

    MemoryConnection otherEnd(MemoryConnection end) {
        return end == dialer ? listener : dialer;
    }

    Duration latency() {
        return latency;
    }

    /// True where what is sent from now on arrives nowhere.
    boolean isBroken() {
        return broken;
    }

    boolean crossesThePartition() {
        return !world.canTalk(dialer.local(), listener.local());
    }

    /// Lets `arrival` happen at the other end of `from`, behind all that was sent before.
    void send(MemoryConnection from, Runnable arrival) {
        if (broken) {
            return;
        }
        int way = from == dialer ? 1 : 0;
        latest[way] = Math.max(latest[way], simulator.now() + latency.toNanos());
        simulator.after(
                Duration.ofNanos(latest[way] - simulator.now()),
                () -> {
                    if (!broken) {
                        arrival.run();
                    }
                });
    }

    /// Nothing arrives any more, and nobody is told: both ends find out for themselves.
    void goSilent() {
        if (!broken) {
            broken = true;
            closeLater(dialer);
            closeLater(listener);
        }
    }

    private void closeLater(MemoryConnection end) {
        simulator.after(
                simulator.between(LEAST_UNNOTICED, MOST_UNNOTICED),
                () -> end.closed("the keepalive was not answered"));
    }

    /// Both ends are told by the machines they live on, or by one on the way.
    void breakLoudly() {
        if (!broken) {
            broken = true;
            simulator.after(latency, () -> dialer.closed("connection reset"));
            simulator.after(latency, () -> listener.closed("connection reset"));
        }
    }
}
