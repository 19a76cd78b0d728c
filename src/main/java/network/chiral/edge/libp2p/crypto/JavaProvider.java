// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import java.security.SecureRandom;
import java.util.function.Function;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/// Ciphers and curves in Java, for where libcrypto is missing: the curves are BouncyCastle's.
///
/// @param name as [CryptoProvider#name()] tells it
/// @param cipher makes the cipher for a key
record JavaProvider(String name, Function<byte[], JavaAead.Cipher> cipher, SecureRandom random)
        implements CryptoProvider {
    private static final int KEY_LENGTH = 32;

    @Override
    public Aead chacha20Poly1305(byte[] key) {
        return new JavaAead(cipher.apply(copied(key)));
    }

    @Override
    public X25519KeyPair newX25519KeyPair() {
        var privateKey = new byte[X25519.SCALAR_SIZE];
        X25519.generatePrivateKey(random, privateKey);
        return new KeyPair(privateKey);
    }

    @Override
    public X25519KeyPair x25519KeyPair(byte[] privateKey) {
        return new KeyPair(copied(privateKey));
    }

    @Override
    public Ed25519Signer ed25519Signer(byte[] seed) {
        return new Signer(copied(seed));
    }

    @Override
    public boolean ed25519Verify(byte[] publicKey, byte[] message, byte[] signature) {
        return publicKey.length == Ed25519.PUBLIC_KEY_SIZE
                && signature.length == Ed25519.SIGNATURE_SIZE
                && Ed25519.verify(signature, 0, publicKey, 0, message, 0, message.length);
    }

    private static byte[] copied(byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("a key has 32 bytes, not " + key.length);
        }
        return key.clone();
    }

    /// A signing key in the heap.
    private static final class Signer implements Ed25519Signer {
        private final byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
        private final byte[] seed;

        Signer(byte[] seed) {
            this.seed = seed;
            Ed25519.generatePublicKey(seed, 0, publicKey, 0);
        }

        @Override
        public byte[] publicKey() {
            return publicKey;
        }

        @Override
        public byte[] sign(byte[] message) {
            var signature = new byte[Ed25519.SIGNATURE_SIZE];
            Ed25519.sign(seed, 0, publicKey, 0, message, 0, message.length, signature, 0);
            return signature;
        }
    }

    /// A key pair in the heap. Closing forgets the private key; an agreement under way keeps its own hold.
    private static final class KeyPair implements X25519KeyPair {
        private final byte[] publicKey = new byte[X25519.POINT_SIZE];
        private volatile byte @Nullable [] privateKey;

        KeyPair(byte[] privateKey) {
            this.privateKey = privateKey;
            X25519.generatePublicKey(privateKey, 0, publicKey, 0);
        }

        @Override
        public byte[] publicKey() {
            return publicKey;
        }

        @Override
        public byte[] agree(byte[] remotePublicKey) {
            var key = privateKey;
            if (key == null) {
                throw new IllegalStateException("the key pair is closed");
            }
            var secret = new byte[X25519.POINT_SIZE];
            if (remotePublicKey.length != X25519.POINT_SIZE
                    || !X25519.calculateAgreement(key, 0, remotePublicKey, 0, secret, 0)) {
                throw new IllegalArgumentException("no secret comes of this public key");
            }
            return secret;
        }

        @Override
        public void close() {
            privateKey = null;
        }
    }
}
