// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.protocol.identify.IdentifyService;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.protocol.relay.RelayListener;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Joined;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import network.chiral.edge.libp2p.swarm.ServedProtocol.Requests;
import network.chiral.edge.libp2p.swarm.Swarm;

/// Turns the relay on and off while the host runs, and off for good at its end.
///
/// ```
/// off <--set(false)-- on        auto: on while publiclyReachable, or announcing is configured
///  +----set(true)---> on ----drain----> draining ----> everybody is told ----> GoAway
/// ```
final class RelaySwitch implements RelayListener {
    /// For peers to take the last identify/push before GoAway, at which some of them close.
    private static final Duration PUSH_PATIENCE = Duration.ofSeconds(1);

    private final Swarm swarm;
    private final IdentifyService identify;
    private final HopService hop;
    private final boolean alwaysReachable;

    // guarded by this
    private RelayMode mode;
    private boolean reachable;
    private boolean started;
    private boolean serving;
    private boolean draining;
    private final CompletableFuture<Void> circuitsGone = new CompletableFuture<>();
    private volatile boolean saysGoodbye;

    /// @param announces true where the host was told what to announce
    RelaySwitch(
            Swarm swarm,
            IdentifyService identify,
            HopService hop,
            RelayMode mode,
            boolean announces) {
        this.swarm = swarm;
        this.identify = identify;
        this.hop = hop;
        this.mode = mode;
        this.alwaysReachable = announces;
        hop.serve(false);
        hop.addListener(this);
    }

    synchronized void start() {
        started = true;
        apply();
    }

    /// On or off from now on, whatever was configured.
    synchronized void set(boolean on) {
        mode = on ? RelayMode.TRUE : RelayMode.FALSE;
        apply();
    }

    /// What has been found out about the host's addresses; counts where the mode is AUTO.
    synchronized void publiclyReachable(boolean now) {
        reachable = now;
        apply();
    }

    synchronized boolean isOn() {
        return serving && !draining;
    }

    private void apply() {
        boolean on =
                switch (mode) {
                    case TRUE -> true;
                    case FALSE -> false;
                    case AUTO -> reachable || alwaysReachable;
                };
        if (!started || draining || on == serving) {
            return;
        }
        serving = on;
        hop.serve(on);
        if (on) {
            swarm.serve(
                    new ServedProtocol(
                            HopService.HOP,
                            new Requests(hop::onRequest, HopService.MAX_REQUEST),
                            HopService.REQUESTS_PER_CONNECTION,
                            HopService.PATIENCE));
        } else {
            swarm.withdraw(HopService.HOP);
        }
        identify.push(swarm.connections());
    }

    // --- the end

    /// Gives no more slots and circuits and tells peers so: first that the relay is gone, then, where a
    /// peer has no circuit, that no new stream is welcome. Whoever asks nevertheless is answered.
    void drain() {
        synchronized (this) {
            draining = true;
            hop.drain();
            swarm.conceal(HopService.HOP);
        }
        await(identify.push(swarm.connections()), PUSH_PATIENCE);
        saysGoodbye = true;
        for (var connection : swarm.connections()) {
            sayGoodbyeUnlessCarrying(connection);
        }
        completeIfNoneIsLeft();
    }

    private void sayGoodbyeUnlessCarrying(Connection connection) {
        if (!hop.carries(connection.remotePeer())) {
            swarm.goAway(connection.remotePeer());
        }
    }

    /// Waits until the last circuit has ended, or `grace` is over.
    void awaitCircuits(Duration grace) {
        await(circuitsGone, grace);
    }

    @Override
    public void onCircuitClosed(PeerId source, PeerId destination, Joined joined, Duration lasted) {
        if (saysGoodbye) {
            swarm.connection(source).ifPresent(this::sayGoodbyeUnlessCarrying);
            swarm.connection(destination).ifPresent(this::sayGoodbyeUnlessCarrying);
            completeIfNoneIsLeft();
        }
    }

    private void completeIfNoneIsLeft() {
        if (hop.circuitCount() == 0) {
            circuitsGone.complete(null);
        }
    }

    private static void await(CompletableFuture<Void> event, Duration patience) {
        try {
            event.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // the end comes nevertheless
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
