// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

/// Everything that Noise and Ed25519 identities need from a crypto library.
///
/// Implementations are safe for use by many threads; what they hand out is not, unless it says so.
public interface CryptoProvider {
    /// Names the library and its version for operators, for instance `libcrypto (OpenSSL 3.0.19)`.
    String name();

    /// Makes a ChaCha20-Poly1305 key (RFC 8439) for one direction of one connection.
    ///
    /// @param key 32 bytes; copied
    Aead chacha20Poly1305(byte[] key);

    /// Makes a fresh X25519 key pair (RFC 7748).
    X25519KeyPair newX25519KeyPair();

    /// Takes an X25519 private key that is already there, as test vectors have them.
    ///
    /// @param privateKey 32 bytes; copied
    X25519KeyPair x25519KeyPair(byte[] privateKey);

    /// Takes an Ed25519 private key (RFC 8032) for signing.
    ///
    /// @param seed 32 bytes; copied
    Ed25519Signer ed25519Signer(byte[] seed);

    /// Tells whether `signature` (64 bytes) of `message` was made by the owner of `publicKey` (32 bytes).
    ///
    /// Input of any other length, and a point that is not on the curve, is a `false`, never an exception.
    boolean ed25519Verify(byte[] publicKey, byte[] message, byte[] signature);
}
