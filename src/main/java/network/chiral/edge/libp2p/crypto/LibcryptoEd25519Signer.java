// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

/// An Ed25519 private key that libcrypto holds, for as long as the process lives.
final class LibcryptoEd25519Signer implements Ed25519Signer {
    private static final int SIGNATURE = 0;
    private static final int SIGNATURE_LENGTH = 64;
    private static final int LENGTH = SIGNATURE + SIGNATURE_LENGTH;
    private static final int MESSAGE = LENGTH + Long.BYTES;

    private final Libcrypto libcrypto;
    private final LibcryptoKey key;
    private final byte[] publicKey;

    LibcryptoEd25519Signer(Libcrypto libcrypto, byte[] seed) {
        this.libcrypto = libcrypto;
        key = LibcryptoKey.ofPrivate(libcrypto, Libcrypto.ED25519, seed);
        publicKey = key.publicKey();
    }

    @Override
    public byte[] publicKey() {
        return publicKey;
    }

    @Override
    public byte[] sign(byte[] message) {
        var context = Libcrypto.allocated(libcrypto.digestContextNew());
        try (var memory = new NativeMemory(libcrypto, MESSAGE + message.length)) {
            memory.put(MESSAGE, message).bytes().putLong(LENGTH, SIGNATURE_LENGTH);
            if (libcrypto.digestSignInit(context, key.address()) != 1
                    || libcrypto.digestSign(
                                    context,
                                    memory.at(SIGNATURE),
                                    memory.at(LENGTH),
                                    memory.at(MESSAGE),
                                    message.length)
                            != 1) {
                libcrypto.clearError();
                throw new IllegalStateException("libcrypto does not sign");
            }
            return memory.get(SIGNATURE, SIGNATURE_LENGTH);
        } finally {
            libcrypto.digestContextFree(context);
        }
    }

    static boolean verify(Libcrypto libcrypto, byte[] publicKey, byte[] message, byte[] signature) {
        if (publicKey.length != LibcryptoKey.LENGTH || signature.length != SIGNATURE_LENGTH) {
            return false;
        }
        var context = Libcrypto.allocated(libcrypto.digestContextNew());
        try (var key = LibcryptoKey.ofPublic(libcrypto, Libcrypto.ED25519, publicKey);
                var memory = new NativeMemory(libcrypto, MESSAGE + message.length)) {
            memory.put(SIGNATURE, signature).put(MESSAGE, message);
            if (libcrypto.digestVerifyInit(context, key.address()) != 1) {
                throw new IllegalStateException("libcrypto does not verify");
            }
            var verdict =
                    libcrypto.digestVerify(
                            context,
                            memory.at(SIGNATURE),
                            SIGNATURE_LENGTH,
                            memory.at(MESSAGE),
                            message.length);
            if (verdict != 1) {
                libcrypto.clearError();
            }
            return verdict == 1;
        } finally {
            libcrypto.digestContextFree(context);
        }
    }
}
