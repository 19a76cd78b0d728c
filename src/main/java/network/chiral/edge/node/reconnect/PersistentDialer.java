// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reconnect;

import io.smallrye.faulttolerance.api.ExponentialBackoff;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.temporal.ChronoUnit;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.DialException;
import org.eclipse.microprofile.faulttolerance.Retry;

/// Dials a peer, and again while it refuses, for as long as it is let.
///
/// A bean of its own because the retry is an interceptor: a call from inside the class would bypass it.
/// The caller's timeout interrupts whatever is under way here, a dial or a pause.
@ApplicationScoped
public class PersistentDialer {
    private final Host host;

    PersistentDialer(Host host) {
        this.host = host;
    }

    /// Four tries after the first, 250 ms to 2 s apart: together inside the five seconds of
    /// [PeerDialer]. Only a refusal is worth it; a silent address has had its time.
    @Retry(
            maxRetries = 4,
            delay = 250,
            delayUnit = ChronoUnit.MILLIS,
            jitter = 100,
            maxDuration = 4_500,
            retryOn = PeerStarting.class)
    @ExponentialBackoff(factor = 2, maxDelay = 2_000)
    public Connection dial(ReconnectPlan.Target target)
            throws PeerStarting, DialException, InterruptedException {
        try {
            return host.dial(target.peer(), target.addresses(), true);
        } catch (DialException e) {
            if (e.isTransient()) {
                throw new PeerStarting(e);
            }
            throw e;
        }
    }
}
