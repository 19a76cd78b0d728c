// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

/// The answer to an [Inquiry], whose stream is still open: for [Request#join], at once. If it is not
/// joined by whoever is told of it, the stream is reset.
public interface Reply {
    byte[] message();
}
