// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/// Ciphers by OpenSSL's libcrypto, and curves by libsodium where there is one: the fast provider, on a
/// JVM and in a native executable.
final class LibcryptoProvider implements CryptoProvider {
    private final Libcrypto libcrypto;
    private final Optional<Libsodium> libsodium;
    private final SecureRandom random = new SecureRandom();

    LibcryptoProvider(Libcrypto libcrypto, Optional<Libsodium> libsodium) {
        this.libcrypto = libcrypto;
        this.libsodium = libsodium;
    }

    @Override
    public String name() {
        var words = libcrypto.version().split(" ");
        var curve = libsodium.map(sodium -> ", libsodium " + sodium.version()).orElse("");
        return "libcrypto (" + String.join(" ", Arrays.copyOf(words, 2)) + curve + ")";
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
        return libsodium
                .<X25519KeyPair>map(
                        sodium -> new LibsodiumX25519KeyPair(libcrypto, sodium, privateKey))
                .orElseGet(() -> new LibcryptoX25519KeyPair(libcrypto, privateKey));
    }

    @Override
    public Ed25519Signer ed25519Signer(byte[] seed) {
        return libsodium
                .<Ed25519Signer>map(sodium -> new LibsodiumEd25519Signer(libcrypto, sodium, seed))
                .orElseGet(() -> new LibcryptoEd25519Signer(libcrypto, seed));
    }

    @Override
    public boolean ed25519Verify(byte[] publicKey, byte[] message, byte[] signature) {
        return libsodium.isPresent()
                ? LibsodiumEd25519Signer.verify(
                        libcrypto, libsodium.get(), publicKey, message, signature)
                : LibcryptoEd25519Signer.verify(libcrypto, publicKey, message, signature);
    }
}
