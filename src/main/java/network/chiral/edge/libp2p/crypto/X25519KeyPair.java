// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

/// An X25519 private key with its public key. Safe for use by many threads until closed.
public interface X25519KeyPair extends AutoCloseable {
    /// 32 bytes; the caller must not change them.
    byte[] publicKey();

    /// Computes the shared secret, 32 bytes.
    ///
    /// @throws IllegalArgumentException when `remotePublicKey` is not 32 bytes, or the result is all
    ///     zero (a low-order point, RFC 7748 section 6.1)
    byte[] agree(byte[] remotePublicKey);

    @Override
    void close();
}
