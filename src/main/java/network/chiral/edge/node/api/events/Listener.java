// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.events;

import io.vertx.core.buffer.Buffer;

/// Where events go to. Safe for use by many threads.
public interface Listener {
    /// Takes `text`; false where it is gone, or has not taken what came before.
    boolean take(Buffer text);

    /// Ends it.
    void end();
}
