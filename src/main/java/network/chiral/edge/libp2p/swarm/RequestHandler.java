// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

/// Answers the inbound streams of one protocol without threads.
@FunctionalInterface
public interface RequestHandler {
    /// Answers `request`, or sees to it that it is answered: one that is neither answered nor joined in the
    /// protocol's time is reset. Called on an event loop: neither blocks nor takes long.
    void onRequest(Request request);
}
