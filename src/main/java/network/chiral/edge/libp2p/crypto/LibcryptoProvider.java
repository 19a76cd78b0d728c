// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import java.security.SecureRandom;
import java.util.Arrays;

/// Ciphers and curves by OpenSSL's libcrypto: the fast provider, on a JVM and in a native executable.
final class LibcryptoProvider implements CryptoProvider {
    private final Libcrypto libcrypto;
    private final SecureRandom random = new SecureRandom();

    LibcryptoProvider(Libcrypto libcrypto) {
        this.libcrypto = libcrypto;
    }

    @Override
    public String name() {
        var words = libcrypto.version().split(" ");
        return "libcrypto (" + String.join(" ", Arrays.copyOf(words, 2)) + ")";
    }

    @Override
    public Aead chacha20Poly1305(byte[] key) {
        return new LibcryptoAead(libcrypto, key);
    }

    @Override
    public X25519KeyPair newX25519KeyPair() {
        var privateKey = new byte[LibcryptoKey.LENGTH];
        random.nextBytes(privateKey);
        try {
            return x25519KeyPair(privateKey);
        } finally {
            Arrays.fill(privateKey, (byte) 0);
        }
    }

    @Override
    public X25519KeyPair x25519KeyPair(byte[] privateKey) {
        return new LibcryptoX25519KeyPair(libcrypto, privateKey);
    }

    @Override
    public Ed25519Signer ed25519Signer(byte[] seed) {
        return new LibcryptoEd25519Signer(libcrypto, seed);
    }

    @Override
    public boolean ed25519Verify(byte[] publicKey, byte[] message, byte[] signature) {
        return LibcryptoEd25519Signer.verify(libcrypto, publicKey, message, signature);
    }
}
