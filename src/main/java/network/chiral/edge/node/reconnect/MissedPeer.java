// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reconnect;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.faulttolerance.ExecutionContext;
import org.eclipse.microprofile.faulttolerance.FallbackHandler;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.jboss.logging.Logger;

/// Turns the failure of a redial into its outcome: a peer that is gone is expected, not an error.
@ApplicationScoped
public class MissedPeer implements FallbackHandler<DialOutcome> {
    private static final Logger LOG = Logger.getLogger(MissedPeer.class);

    @Override
    public DialOutcome handle(ExecutionContext context) {
        var failure = context.getFailure();
        LOG.debugf("Cached peer missed: reason=%s", failure.getMessage());
        return switch (failure) {
            case TimeoutException _ -> DialOutcome.TIMED_OUT;
            case BulkheadException _ -> DialOutcome.REJECTED;
            case InterruptedException _ -> DialOutcome.CANCELLED;
            default -> DialOutcome.FAILED;
        };
    }
}
