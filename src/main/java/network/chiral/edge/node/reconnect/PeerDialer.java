// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reconnect;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.temporal.ChronoUnit;
import network.chiral.edge.libp2p.swarm.DialException;
import org.eclipse.microprofile.faulttolerance.Bulkhead;
import org.eclipse.microprofile.faulttolerance.Fallback;
import org.eclipse.microprofile.faulttolerance.Timeout;

/// Gives one cached peer its five seconds, all its addresses and retries included.
///
/// The call is synchronous and waits on a future, because only then does the timeout interrupt it; the
/// interrupt gives the dial up, which closes its sockets. Nothing outlives the call, so the bulkhead's
/// permit comes back with it.
@ApplicationScoped
public class PeerDialer {
    /// Wider than the hundred peers of a full cache, so that none waits for another's five seconds.
    static final int WIDTH = 128;

    private final PersistentDialer dialer;

    PeerDialer(PersistentDialer dialer) {
        this.dialer = dialer;
    }

    /// Answers with the outcome, whatever it is.
    @Timeout(value = 5, unit = ChronoUnit.SECONDS)
    @Bulkhead(WIDTH)
    @Fallback(MissedPeer.class)
    public DialOutcome dial(ReconnectPlan.Target target)
            throws PeerStarting, DialException, InterruptedException {
        dialer.dial(target);
        return DialOutcome.CONNECTED;
    }
}
