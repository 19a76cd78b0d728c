// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.io.IOException;

/// Answers the inbound streams of one protocol, each on a virtual thread of its own.
@FunctionalInterface
public interface StreamHandler {
    /// Converses on `stream`. A stream that is neither joined nor reset when this returns is closed for
    /// writing; an exception resets it.
    void onStream(Stream stream) throws IOException, InterruptedException;
}
