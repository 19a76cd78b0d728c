// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

/// An `EVP_PKEY`: a private or public key in the form that libcrypto computes with.
///
/// Many threads may use one at once, which libcrypto allows as long as nobody changes or frees it.
record LibcryptoKey(Libcrypto libcrypto, long address) implements AutoCloseable {
    static final int LENGTH = 32;

    static LibcryptoKey ofPrivate(Libcrypto libcrypto, int type, byte[] raw) {
        try (var memory = copied(libcrypto, raw)) {
            return made(libcrypto, libcrypto.keyNewRawPrivate(type, memory.at(0), LENGTH));
        }
    }

    /// @throws IllegalArgumentException when `raw` cannot be such a key
    static LibcryptoKey ofPublic(Libcrypto libcrypto, int type, byte[] raw) {
        try (var memory = copied(libcrypto, raw)) {
            return made(libcrypto, libcrypto.keyNewRawPublic(type, memory.at(0), LENGTH));
        }
    }

    private static NativeMemory copied(Libcrypto libcrypto, byte[] raw) {
        if (raw.length != LENGTH) {
            throw new IllegalArgumentException("a key has 32 bytes, not " + raw.length);
        }
        return new NativeMemory(libcrypto, LENGTH).put(0, raw);
    }

    private static LibcryptoKey made(Libcrypto libcrypto, long address) {
        if (address == 0) {
            libcrypto.clearError();
            throw new IllegalArgumentException("libcrypto takes no such key");
        }
        return new LibcryptoKey(libcrypto, address);
    }

    byte[] publicKey() {
        var length = LENGTH;
        try (var memory = new NativeMemory(libcrypto, LENGTH + Long.BYTES)) {
            memory.bytes().putLong(length, LENGTH);
            if (libcrypto.keyGetRawPublic(address, memory.at(0), memory.at(length)) != 1) {
                throw new IllegalStateException("libcrypto does not tell the public key");
            }
            return memory.get(0, LENGTH);
        }
    }

    @Override
    public void close() {
        libcrypto.keyFree(address);
    }
}
