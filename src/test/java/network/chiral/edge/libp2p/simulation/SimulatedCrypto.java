// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import network.chiral.edge.libp2p.crypto.Aead;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.crypto.Ed25519Signer;
import network.chiral.edge.libp2p.crypto.X25519KeyPair;

/// Signatures that cost a hash, so that a day with tens of thousands of them takes seconds. Everybody
/// could forge them; in the simulated world nobody does.
final class SimulatedCrypto implements CryptoProvider {
    static final SimulatedCrypto CRYPTO = new SimulatedCrypto();

    private static final int SIGNATURE = 64;

    private SimulatedCrypto() {}

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public Ed25519Signer ed25519Signer(byte[] seed) {
        var publicKey = digest("SHA-256", seed, new byte[] {1});
        return new Ed25519Signer() {
            @Override
            public byte[] publicKey() {
                return publicKey;
            }

            @Override
            public byte[] sign(byte[] message) {
                return digest("SHA-512", publicKey, message);
            }
        };
    }

    @Override
    public boolean ed25519Verify(byte[] publicKey, byte[] message, byte[] signature) {
        return signature.length == SIGNATURE
                && Arrays.equals(signature, digest("SHA-512", publicKey, message));
    }

    private static byte[] digest(String algorithm, byte[] one, byte[] other) {
        try {
            var digest = MessageDigest.getInstance(algorithm);
            digest.update(one);
            return digest.digest(other);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    @Override
    public Aead chacha20Poly1305(byte[] key) {
        throw new UnsupportedOperationException("nothing is encrypted in the simulated world");
    }

    @Override
    public X25519KeyPair newX25519KeyPair() {
        throw new UnsupportedOperationException("nothing is encrypted in the simulated world");
    }

    @Override
    public X25519KeyPair x25519KeyPair(byte[] privateKey) {
        throw new UnsupportedOperationException("nothing is encrypted in the simulated world");
    }
}
