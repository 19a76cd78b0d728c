// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/// The functions of OpenSSL's libcrypto that this package calls, with each C pointer as a `long`.
///
/// A method stands for the C function of its name, `cipherUpdate` for `EVP_CipherUpdate`; engine
/// arguments are left out, and are null. The JVM goes through [LibcryptoForeign], a native executable
/// through [LibcryptoNative]. All that is more than a call belongs to [LibcryptoProvider].
interface Libcrypto {
    int AEAD_GET_TAG = 0x10;
    int AEAD_SET_TAG = 0x11;
    int X25519 = 1034;
    int ED25519 = 1087;

    /// An argument of `OPENSSL_init_crypto`: no `atexit` handler. Event loops may still be calling
    /// while the process exits, and must not find the library's tables freed.
    long INIT_NO_ATEXIT = 0x0008_0000;

    /// Loads the first library of `names` that there is, and looks all functions up.
    ///
    /// @throws UnsupportedOperationException when there is none, or it lacks a function
    static Libcrypto load(List<String> names) {
        var library =
                NativeExecutable.HERE ? LibcryptoNative.load(names) : LibcryptoForeign.load(names);
        return library.orElseThrow(() ->
                new UnsupportedOperationException("there is no " + String.join(", no ", names)));
    }

    /// The names to try on this machine, best first.
    ///
    /// macOS kills a process that loads its unversioned `libcrypto.dylib`, so that is not among them.
    static List<String> names() {
        var system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.startsWith("mac")) {
            return List.of(
                    "libcrypto.3.dylib",
                    "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib",
                    "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib");
        }
        if (system.startsWith("windows")) {
            return List.of("libcrypto-3-x64.dll", "libcrypto-3-arm64.dll");
        }
        return List.of("libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so");
    }

    /// Lets an address through that C has just allocated, unless there was no memory.
    static long allocated(long address) {
        if (address == 0) {
            throw new OutOfMemoryError("libcrypto has no memory left");
        }
        return address;
    }

    /// `OpenSSL_version(OPENSSL_VERSION)`.
    String version();

    /// `CRYPTO_zalloc`: memory of zeros, or 0.
    long allocate(int length);

    /// `CRYPTO_clear_free`: wipes the memory, and gives it back.
    void free(long address, int length);

    /// Lets Java read and write `length` bytes of C memory, for as long as they are allocated.
    ByteBuffer view(long address, int length);

    /// The address of a direct buffer's position, or 0 where Java offers no way to learn it.
    long addressOf(ByteBuffer direct);

    void clearError();

    long chacha20Poly1305();

    long cipherContextNew();

    void cipherContextFree(long context);

    int cipherInit(long context, long cipher, long key, long nonce, int encrypt);

    int cipherControl(long context, int type, int argument, long pointer);

    int cipherUpdate(long context, long out, long outLength, long in, int inLength);

    int cipherFinal(long context, long out, long outLength);

    long keyNewRawPrivate(int type, long bytes, long length);

    long keyNewRawPublic(int type, long bytes, long length);

    int keyGetRawPublic(long key, long bytes, long length);

    void keyFree(long key);

    long keyContextNew(long key);

    void keyContextFree(long context);

    int deriveInit(long context);

    int deriveSetPeer(long context, long peer);

    int derive(long context, long secret, long length);

    long digestContextNew();

    void digestContextFree(long context);

    /// `EVP_DigestSignInit` with the digest that belongs to the key.
    int digestSignInit(long context, long key);

    int digestSign(long context, long signature, long length, long message, long messageLength);

    /// `EVP_DigestVerifyInit` with the digest that belongs to the key.
    int digestVerifyInit(long context, long key);

    int digestVerify(long context, long signature, long length, long message, long messageLength);
}
