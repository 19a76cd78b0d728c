// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.nativeimage.c.function.CFunctionPointer;
import org.graalvm.nativeimage.c.function.InvokeCFunctionPointer;
import org.graalvm.nativeimage.c.type.CCharPointer;
import org.graalvm.nativeimage.c.type.CTypeConversion;
import org.graalvm.word.PointerBase;
import org.graalvm.word.WordFactory;

/// Calls libcrypto from a native executable, through GraalVM's C interface.
///
/// The library is looked for when the executable runs, by `dlopen`: it is not linked, and an executable
/// without it still starts. Never loaded on a JVM, where the C interface does not exist.
///
/// The interfaces at the end are shapes of C functions, named after the arguments with the result
/// last: `I`, `J` and `V` are int, pointer or size, and void. All go through the full transition, as
/// leaving it out saves nothing that can be measured, and would let a call hold up garbage collection.
final class LibcryptoNative implements Libcrypto {
    private static final int RTLD_NOW = 2;

    private final IToJ version;
    private final JJIToJ zalloc;
    private final JJJIToV clearFree;
    private final VToV clearError;
    private final VToJ chacha20Poly1305;
    private final VToJ cipherContextNew;
    private final JToV cipherContextFree;
    private final JJJJJIToI cipherInit;
    private final JIIJToI cipherControl;
    private final JJJJIToI cipherUpdate;
    private final JJJToI cipherFinal;
    private final IJJJToJ keyNewRawPrivate;
    private final IJJJToJ keyNewRawPublic;
    private final JJJToI keyGetRawPublic;
    private final JToV keyFree;
    private final JJToJ keyContextNew;
    private final JToV keyContextFree;
    private final JToI deriveInit;
    private final JJToI deriveSetPeer;
    private final JJJToI derive;
    private final VToJ digestContextNew;
    private final JToV digestContextFree;
    private final JJJJJToI digestSignInit;
    private final JJJJJToI digestSign;
    private final JJJJJToI digestVerifyInit;
    private final JJJJJToI digestVerify;

    private LibcryptoNative(PointerBase library) {
        version = (IToJ) function(library, "OpenSSL_version");
        zalloc = (JJIToJ) function(library, "CRYPTO_zalloc");
        clearFree = (JJJIToV) function(library, "CRYPTO_clear_free");
        clearError = (VToV) function(library, "ERR_clear_error");
        chacha20Poly1305 = (VToJ) function(library, "EVP_chacha20_poly1305");
        cipherContextNew = (VToJ) function(library, "EVP_CIPHER_CTX_new");
        cipherContextFree = (JToV) function(library, "EVP_CIPHER_CTX_free");
        cipherInit = (JJJJJIToI) function(library, "EVP_CipherInit_ex");
        cipherControl = (JIIJToI) function(library, "EVP_CIPHER_CTX_ctrl");
        cipherUpdate = (JJJJIToI) function(library, "EVP_CipherUpdate");
        cipherFinal = (JJJToI) function(library, "EVP_CipherFinal_ex");
        keyNewRawPrivate = (IJJJToJ) function(library, "EVP_PKEY_new_raw_private_key");
        keyNewRawPublic = (IJJJToJ) function(library, "EVP_PKEY_new_raw_public_key");
        keyGetRawPublic = (JJJToI) function(library, "EVP_PKEY_get_raw_public_key");
        keyFree = (JToV) function(library, "EVP_PKEY_free");
        keyContextNew = (JJToJ) function(library, "EVP_PKEY_CTX_new");
        keyContextFree = (JToV) function(library, "EVP_PKEY_CTX_free");
        deriveInit = (JToI) function(library, "EVP_PKEY_derive_init");
        deriveSetPeer = (JJToI) function(library, "EVP_PKEY_derive_set_peer");
        derive = (JJJToI) function(library, "EVP_PKEY_derive");
        digestContextNew = (VToJ) function(library, "EVP_MD_CTX_new");
        digestContextFree = (JToV) function(library, "EVP_MD_CTX_free");
        digestSignInit = (JJJJJToI) function(library, "EVP_DigestSignInit");
        digestSign = (JJJJJToI) function(library, "EVP_DigestSign");
        digestVerifyInit = (JJJJJToI) function(library, "EVP_DigestVerifyInit");
        digestVerify = (JJJJJToI) function(library, "EVP_DigestVerify");
        var initialise = (JJToI) function(library, "OPENSSL_init_crypto");
        initialise.call(INIT_NO_ATEXIT, 0);
    }

    static Optional<Libcrypto> load(List<String> names) {
        var library = open(names);
        return library.isNull() ? Optional.empty() : Optional.of(new LibcryptoNative(library));
    }

    /// The first library of `names` that there is, or a null pointer.
    static PointerBase open(List<String> names) {
        for (var name : names) {
            try (var text = CTypeConversion.toCString(name)) {
                var library = dlopen(text.get(), RTLD_NOW);
                if (library.isNonNull()) {
                    return library;
                }
            }
        }
        return WordFactory.nullPointer();
    }

    static CFunctionPointer function(PointerBase library, String name) {
        try (var text = CTypeConversion.toCString(name)) {
            var function = dlsym(library, text.get());
            if (function.isNull()) {
                throw new UnsupportedOperationException("it has no " + name);
            }
            return function;
        }
    }

    @CFunction("dlopen")
    private static native PointerBase dlopen(CCharPointer name, int flags);

    @CFunction("dlsym")
    private static native CFunctionPointer dlsym(PointerBase library, CCharPointer name);

    @Override
    public String version() {
        return CTypeConversion.toJavaString(WordFactory.<CCharPointer>pointer(version.call(0)));
    }

    @Override
    public long allocate(int length) {
        return zalloc.call(length, 0, 0);
    }

    @Override
    public void free(long address, int length) {
        clearFree.call(address, length, 0, 0);
    }

    @Override
    public ByteBuffer view(long address, int length) {
        return CTypeConversion.asByteBuffer(WordFactory.<CCharPointer>pointer(address), length);
    }

    @Override
    public long addressOf(ByteBuffer direct) {
        return 0;
    }

    @Override
    public void clearError() {
        clearError.call();
    }

    @Override
    public long chacha20Poly1305() {
        return chacha20Poly1305.call();
    }

    @Override
    public long cipherContextNew() {
        return cipherContextNew.call();
    }

    @Override
    public void cipherContextFree(long context) {
        cipherContextFree.call(context);
    }

    @Override
    public int cipherInit(long context, long cipher, long key, long nonce, int encrypt) {
        return cipherInit.call(context, cipher, 0, key, nonce, encrypt);
    }

    @Override
    public int cipherControl(long context, int type, int argument, long pointer) {
        return cipherControl.call(context, type, argument, pointer);
    }

    @Override
    public int cipherUpdate(long context, long out, long outLength, long in, int inLength) {
        return cipherUpdate.call(context, out, outLength, in, inLength);
    }

    @Override
    public int cipherFinal(long context, long out, long outLength) {
        return cipherFinal.call(context, out, outLength);
    }

    @Override
    public long keyNewRawPrivate(int type, long bytes, long length) {
        return keyNewRawPrivate.call(type, 0, bytes, length);
    }

    @Override
    public long keyNewRawPublic(int type, long bytes, long length) {
        return keyNewRawPublic.call(type, 0, bytes, length);
    }

    @Override
    public int keyGetRawPublic(long key, long bytes, long length) {
        return keyGetRawPublic.call(key, bytes, length);
    }

    @Override
    public void keyFree(long key) {
        keyFree.call(key);
    }

    @Override
    public long keyContextNew(long key) {
        return keyContextNew.call(key, 0);
    }

    @Override
    public void keyContextFree(long context) {
        keyContextFree.call(context);
    }

    @Override
    public int deriveInit(long context) {
        return deriveInit.call(context);
    }

    @Override
    public int deriveSetPeer(long context, long peer) {
        return deriveSetPeer.call(context, peer);
    }

    @Override
    public int derive(long context, long secret, long length) {
        return derive.call(context, secret, length);
    }

    @Override
    public long digestContextNew() {
        return digestContextNew.call();
    }

    @Override
    public void digestContextFree(long context) {
        digestContextFree.call(context);
    }

    @Override
    public int digestSignInit(long context, long key) {
        return digestSignInit.call(context, 0, 0, 0, key);
    }

    @Override
    public int digestSign(
            long context, long signature, long length, long message, long messageLength) {
        return digestSign.call(context, signature, length, message, messageLength);
    }

    @Override
    public int digestVerifyInit(long context, long key) {
        return digestVerifyInit.call(context, 0, 0, 0, key);
    }

    @Override
    public int digestVerify(
            long context, long signature, long length, long message, long messageLength) {
        return digestVerify.call(context, signature, length, message, messageLength);
    }

    private interface VToV extends CFunctionPointer {
        @InvokeCFunctionPointer
        void call();
    }

    private interface VToJ extends CFunctionPointer {
        @InvokeCFunctionPointer
        long call();
    }

    private interface JToV extends CFunctionPointer {
        @InvokeCFunctionPointer
        void call(long a);
    }

    private interface JToI extends CFunctionPointer {
        @InvokeCFunctionPointer
        int call(long a);
    }

    private interface IToJ extends CFunctionPointer {
        @InvokeCFunctionPointer
        long call(int a);
    }

    private interface JJToI extends CFunctionPointer {
        @InvokeCFunctionPointer
        int call(long a, long b);
    }

    private interface JJToJ extends CFunctionPointer {
        @InvokeCFunctionPointer
        long call(long a, long b);
    }

    private interface JJIToJ extends CFunctionPointer {
        @InvokeCFunctionPointer
        long call(long a, long b, int c);
    }

    private interface JJJIToV extends CFunctionPointer {
        @InvokeCFunctionPointer
        void call(long a, long b, long c, int d);
    }

    private interface IJJJToJ extends CFunctionPointer {
        @InvokeCFunctionPointer
        long call(int a, long b, long c, long d);
    }

    private interface JJJToI extends CFunctionPointer {
        @InvokeCFunctionPointer
        int call(long a, long b, long c);
    }

    private interface JIIJToI extends CFunctionPointer {
        @InvokeCFunctionPointer
        int call(long a, int b, int c, long d);
    }

    private interface JJJJIToI extends CFunctionPointer {
        @InvokeCFunctionPointer
        int call(long a, long b, long c, long d, int e);
    }

    private interface JJJJJToI extends CFunctionPointer {
        @InvokeCFunctionPointer
        int call(long a, long b, long c, long d, long e);
    }

    private interface JJJJJIToI extends CFunctionPointer {
        @InvokeCFunctionPointer
        int call(long a, long b, long c, long d, long e, int f);
    }
}
