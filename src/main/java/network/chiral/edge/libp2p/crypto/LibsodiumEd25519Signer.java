// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

/// An Ed25519 private key that libsodium signs with, kept in C memory for as long as the process lives.
final class LibsodiumEd25519Signer implements Ed25519Signer {
    private static final int KEY_LENGTH = 32;
    private static final int SIGNATURE_LENGTH = 64;
    private static final int SECRET_LENGTH = 64; // seed and public key
    private static final int PUBLIC = SECRET_LENGTH;

    private final Libcrypto libcrypto;
    private final Libsodium libsodium;
    private final NativeMemory secret;
    private final byte[] publicKey;

    /// @param libcrypto for C memory that is wiped
    @SuppressWarnings("MustBeClosedChecker") // the secret lives as long as the process
    LibsodiumEd25519Signer(Libcrypto libcrypto, Libsodium libsodium, byte[] seed) {
        if (seed.length != KEY_LENGTH) {
            throw new IllegalArgumentException("a key has 32 bytes, not " + seed.length);
        }
        this.libcrypto = libcrypto;
        this.libsodium = libsodium;
        secret = new NativeMemory(libcrypto, SECRET_LENGTH + KEY_LENGTH);
        try (var copy = new NativeMemory(libcrypto, KEY_LENGTH).put(0, seed)) {
            check(libsodium.seedKeyPair(secret.at(PUBLIC), secret.at(0), copy.at(0)));
        }
        publicKey = secret.get(PUBLIC, KEY_LENGTH);
    }

    @Override
    public byte[] publicKey() {
        return publicKey;
    }

    @Override
    public byte[] sign(byte[] message) {
        try (var memory = signed(libcrypto, message)) {
            check(
                    libsodium.sign(
                            memory.at(0),
                            memory.at(SIGNATURE_LENGTH),
                            message.length,
                            secret.at(0)));
            return memory.get(0, SIGNATURE_LENGTH);
        }
    }

    static boolean verify(
            Libcrypto libcrypto,
            Libsodium libsodium,
            byte[] publicKey,
            byte[] message,
            byte[] signature) {
        if (publicKey.length != KEY_LENGTH || signature.length != SIGNATURE_LENGTH) {
            return false;
        }
        int key = SIGNATURE_LENGTH + message.length;
        try (var memory = signed(libcrypto, message).put(0, signature).put(key, publicKey)) {
            return libsodium.verify(
                            memory.at(0),
                            memory.at(SIGNATURE_LENGTH),
                            message.length,
                            memory.at(key))
                    == 0;
        }
    }

    /// Room for a signature, the message behind it, and room for a key.
    private static NativeMemory signed(Libcrypto libcrypto, byte[] message) {
        return new NativeMemory(libcrypto, SIGNATURE_LENGTH + message.length + KEY_LENGTH)
                .put(SIGNATURE_LENGTH, message);
    }

    private static void check(int result) {
        if (result != 0) {
            throw new IllegalStateException("libsodium does not sign");
        }
    }
}
