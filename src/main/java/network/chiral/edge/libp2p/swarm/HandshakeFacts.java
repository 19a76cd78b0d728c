// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Duration;

/// How a connection came to stand.
///
/// @param took from the open socket to the agreed muxer
/// @param earlyMuxer true where the muxer was agreed inside the Noise handshake
/// @param keyType number of the remote's key in the message `PublicKey`: 0 RSA, 1 Ed25519, 2 secp256k1,
///     3 ECDSA
public record HandshakeFacts(Duration took, boolean earlyMuxer, int keyType) {
    /// Of a connection that had no handshake, as in a simulation.
    public static final HandshakeFacts NONE = new HandshakeFacts(Duration.ZERO, false, 1);
}
