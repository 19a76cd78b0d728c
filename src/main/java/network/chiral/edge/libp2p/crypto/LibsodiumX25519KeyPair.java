// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

/// An X25519 key pair that libsodium computes with, kept in C memory until it is closed.
///
/// An agreement takes four fifths of OpenSSL 3.0's time, a new pair two thirds of it, as there are no
/// objects to make for each (docs/performance.md, "What was tried").
final class LibsodiumX25519KeyPair implements X25519KeyPair {
    private static final int LENGTH = 32;
    private static final int REMOTE = LENGTH;

    private final Libcrypto libcrypto;
    private final Libsodium libsodium;
    private final NativeMemory secret;
    private final byte[] publicKey;
    private final Lease lease = new Lease();

    /// @param libcrypto for C memory that is wiped
    @SuppressWarnings("MustBeClosedChecker") // close() closes it
    LibsodiumX25519KeyPair(Libcrypto libcrypto, Libsodium libsodium, byte[] privateKey) {
        check(privateKey);
        this.libcrypto = libcrypto;
        this.libsodium = libsodium;
        secret = new NativeMemory(libcrypto, LENGTH).put(0, privateKey);
        try (var made = new NativeMemory(libcrypto, LENGTH)) {
            libsodium.x25519PublicKey(made.at(0), secret.at(0));
            publicKey = made.get(0, LENGTH);
        }
        LiveContexts.opened();
    }

    private static void check(byte[] key) {
        if (key.length != LENGTH) {
            throw new IllegalArgumentException("a key has 32 bytes, not " + key.length);
        }
    }

    @Override
    public byte[] publicKey() {
        return publicKey;
    }

    @Override
    public byte[] agree(byte[] remotePublicKey) {
        check(remotePublicKey);
        return lease.use(() -> {
            try (var memory =
                    new NativeMemory(libcrypto, 2 * LENGTH).put(REMOTE, remotePublicKey)) {
                // the agreement itself fails when the secret is all zero
                if (libsodium.x25519(memory.at(0), secret.at(0), memory.at(REMOTE)) != 0) {
                    throw new IllegalArgumentException("no secret comes of this public key");
                }
                return memory.get(0, LENGTH);
            }
        });
    }

    @Override
    public void close() {
        lease.end(() -> {
            secret.close();
            LiveContexts.closed();
        });
    }
}
