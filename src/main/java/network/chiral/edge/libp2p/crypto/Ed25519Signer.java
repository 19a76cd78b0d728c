// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

/// An Ed25519 private key that signs. Safe for use by many threads; kept as long as the process.
public interface Ed25519Signer {
    /// 32 bytes; the caller must not change them.
    byte[] publicKey();

    /// Signs `message` (pure Ed25519, RFC 8032 section 5.1.6): 64 bytes.
    byte[] sign(byte[] message);
}
