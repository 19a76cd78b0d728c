// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

/// An X25519 key pair that libcrypto holds.
final class LibcryptoX25519KeyPair implements X25519KeyPair {
    private static final int SECRET = 0;
    private static final int LENGTH = LibcryptoKey.LENGTH;

    private final Libcrypto libcrypto;
    private final LibcryptoKey key;
    private final byte[] publicKey;
    private final Lease lease = new Lease();

    LibcryptoX25519KeyPair(Libcrypto libcrypto, byte[] privateKey) {
        this.libcrypto = libcrypto;
        key = LibcryptoKey.ofPrivate(libcrypto, Libcrypto.X25519, privateKey);
        publicKey = key.publicKey();
        LiveContexts.opened();
    }

    @Override
    public byte[] publicKey() {
        return publicKey;
    }

    @Override
    public byte[] agree(byte[] remotePublicKey) {
        return lease.use(() -> {
            try (var remote = LibcryptoKey.ofPublic(libcrypto, Libcrypto.X25519, remotePublicKey)) {
                return agree(remote);
            }
        });
    }

    private byte[] agree(LibcryptoKey remote) {
        var context = libcrypto.keyContextNew(key.address());
        try (var memory = new NativeMemory(libcrypto, LENGTH + Long.BYTES)) {
            memory.bytes().putLong(LENGTH, LENGTH);
            // The derivation itself fails when the secret is all zero.
            if (libcrypto.deriveInit(context) != 1
                    || libcrypto.deriveSetPeer(context, remote.address()) != 1
                    || libcrypto.derive(context, memory.at(SECRET), memory.at(LENGTH)) != 1) {
                libcrypto.clearError();
                throw new IllegalArgumentException("no secret comes of this public key");
            }
            return memory.get(SECRET, LENGTH);
        } finally {
            libcrypto.keyContextFree(context);
        }
    }

    @Override
    public void close() {
        lease.end(() -> {
            key.close();
            LiveContexts.closed();
        });
    }
}
