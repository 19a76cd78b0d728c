// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import java.util.concurrent.locks.ReentrantReadWriteLock;

/// An X25519 key pair that libcrypto holds.
///
/// Agreements share the lock, closing takes it alone: the key is not freed while one is under way.
final class LibcryptoX25519KeyPair implements X25519KeyPair {
    private static final int SECRET = 0;
    private static final int LENGTH = LibcryptoKey.LENGTH;

    private final Libcrypto libcrypto;
    private final LibcryptoKey key;
    private final byte[] publicKey;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

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
        lock.readLock().lock();
        try (var remote = LibcryptoKey.ofPublic(libcrypto, Libcrypto.X25519, remotePublicKey)) {
            if (closed) {
                throw new IllegalStateException("the key pair is closed");
            }
            return agree(remote);
        } finally {
            lock.readLock().unlock();
        }
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
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                key.close();
                LiveContexts.closed();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
