// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// Calls libcrypto from a JVM, through `java.lang.foreign`.
///
/// A handle is constant, made for one shape of C function, and takes the function's address with each
/// call: the JIT compiles it in as if the address were constant too. `I`, `J` and `V` in the names are
/// int, pointer or size, and void, the result last.
final class LibcryptoForeign implements Libcrypto {
    private static final MethodHandle V = shape(FunctionDescriptor.ofVoid());
    private static final MethodHandle J = shape(FunctionDescriptor.of(JAVA_LONG));
    private static final MethodHandle J_V = shape(FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle J_I = shape(FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle I_J = shape(FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
    private static final MethodHandle JJ_I = ints(JAVA_LONG, JAVA_LONG);
    private static final MethodHandle JJ_J =
            shape(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle JJI_J =
            shape(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle JJJI_V =
            shape(FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle IJJJ_J =
            shape(FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle JJJ_I = ints(JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle JIIJ_I = ints(JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle JJJJI_I =
            ints(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle JJJJJ_I =
            ints(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle JJJJJI_I =
            ints(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);

    private final MemorySegment version;
    private final MemorySegment zalloc;
    private final MemorySegment clearFree;
    private final MemorySegment clearError;
    private final MemorySegment chacha20Poly1305;
    private final MemorySegment cipherContextNew;
    private final MemorySegment cipherContextFree;
    private final MemorySegment cipherInit;
    private final MemorySegment cipherControl;
    private final MemorySegment cipherUpdate;
    private final MemorySegment cipherFinal;
    private final MemorySegment keyNewRawPrivate;
    private final MemorySegment keyNewRawPublic;
    private final MemorySegment keyGetRawPublic;
    private final MemorySegment keyFree;
    private final MemorySegment keyContextNew;
    private final MemorySegment keyContextFree;
    private final MemorySegment deriveInit;
    private final MemorySegment deriveSetPeer;
    private final MemorySegment derive;
    private final MemorySegment digestContextNew;
    private final MemorySegment digestContextFree;
    private final MemorySegment digestSignInit;
    private final MemorySegment digestSign;
    private final MemorySegment digestVerifyInit;
    private final MemorySegment digestVerify;

    private LibcryptoForeign(SymbolLookup library) {
        version = function(library, "OpenSSL_version");
        zalloc = function(library, "CRYPTO_zalloc");
        clearFree = function(library, "CRYPTO_clear_free");
        clearError = function(library, "ERR_clear_error");
        chacha20Poly1305 = function(library, "EVP_chacha20_poly1305");
        cipherContextNew = function(library, "EVP_CIPHER_CTX_new");
        cipherContextFree = function(library, "EVP_CIPHER_CTX_free");
        cipherInit = function(library, "EVP_CipherInit_ex");
        cipherControl = function(library, "EVP_CIPHER_CTX_ctrl");
        cipherUpdate = function(library, "EVP_CipherUpdate");
        cipherFinal = function(library, "EVP_CipherFinal_ex");
        keyNewRawPrivate = function(library, "EVP_PKEY_new_raw_private_key");
        keyNewRawPublic = function(library, "EVP_PKEY_new_raw_public_key");
        keyGetRawPublic = function(library, "EVP_PKEY_get_raw_public_key");
        keyFree = function(library, "EVP_PKEY_free");
        keyContextNew = function(library, "EVP_PKEY_CTX_new");
        keyContextFree = function(library, "EVP_PKEY_CTX_free");
        deriveInit = function(library, "EVP_PKEY_derive_init");
        deriveSetPeer = function(library, "EVP_PKEY_derive_set_peer");
        derive = function(library, "EVP_PKEY_derive");
        digestContextNew = function(library, "EVP_MD_CTX_new");
        digestContextFree = function(library, "EVP_MD_CTX_free");
        digestSignInit = function(library, "EVP_DigestSignInit");
        digestSign = function(library, "EVP_DigestSign");
        digestVerifyInit = function(library, "EVP_DigestVerifyInit");
        digestVerify = function(library, "EVP_DigestVerify");
        call(function(library, "OPENSSL_init_crypto"), INIT_NO_ATEXIT, 0);
    }

    static Optional<Libcrypto> load(List<String> names) {
        return open(names).map(LibcryptoForeign::new);
    }

    /// The first library of `names` that there is.
    static Optional<SymbolLookup> open(List<String> names) {
        for (var name : names) {
            try {
                return Optional.of(SymbolLookup.libraryLookup(name, Arena.global()));
            } catch (IllegalArgumentException _) {
                // there is none of this name: the next one
            }
        }
        return Optional.empty();
    }

    private static MethodHandle shape(FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(descriptor);
    }

    private static MethodHandle ints(MemoryLayout... arguments) {
        return shape(FunctionDescriptor.of(JAVA_INT, arguments));
    }

    static MemorySegment function(SymbolLookup library, String name) {
        return library.find(name)
                .orElseThrow(() -> new UnsupportedOperationException("it has no " + name));
    }

    @Override
    public String version() {
        try {
            var text = (long) I_J.invokeExact(version, 0);
            return MemorySegment.ofAddress(text).reinterpret(Integer.MAX_VALUE).getString(0);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    @Override
    public long allocate(int length) {
        try {
            return (long) JJI_J.invokeExact(zalloc, (long) length, 0L, 0);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    @Override
    public void free(long address, int length) {
        try {
            JJJI_V.invokeExact(clearFree, address, (long) length, 0L, 0);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    @Override
    public ByteBuffer view(long address, int length) {
        return MemorySegment.ofAddress(address).reinterpret(length).asByteBuffer();
    }

    @Override
    public long addressOf(ByteBuffer direct) {
        return MemorySegment.ofBuffer(direct).address();
    }

    @Override
    public void clearError() {
        try {
            V.invokeExact(clearError);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    @Override
    public long chacha20Poly1305() {
        return call(chacha20Poly1305);
    }

    @Override
    public long cipherContextNew() {
        return call(cipherContextNew);
    }

    @Override
    public void cipherContextFree(long context) {
        free(cipherContextFree, context);
    }

    @Override
    public int cipherInit(long context, long cipher, long key, long nonce, int encrypt) {
        try {
            return (int) JJJJJI_I.invokeExact(cipherInit, context, cipher, 0L, key, nonce, encrypt);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    @Override
    public int cipherControl(long context, int type, int argument, long pointer) {
        try {
            return (int) JIIJ_I.invokeExact(cipherControl, context, type, argument, pointer);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    @Override
    public int cipherUpdate(long context, long out, long outLength, long in, int inLength) {
        try {
            return (int) JJJJI_I.invokeExact(cipherUpdate, context, out, outLength, in, inLength);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    @Override
    public int cipherFinal(long context, long out, long outLength) {
        return call(cipherFinal, context, out, outLength);
    }

    @Override
    public long keyNewRawPrivate(int type, long bytes, long length) {
        return newKey(keyNewRawPrivate, type, bytes, length);
    }

    @Override
    public long keyNewRawPublic(int type, long bytes, long length) {
        return newKey(keyNewRawPublic, type, bytes, length);
    }

    @Override
    public int keyGetRawPublic(long key, long bytes, long length) {
        return call(keyGetRawPublic, key, bytes, length);
    }

    @Override
    public void keyFree(long key) {
        free(keyFree, key);
    }

    @Override
    public long keyContextNew(long key) {
        try {
            return (long) JJ_J.invokeExact(keyContextNew, key, 0L);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    @Override
    public void keyContextFree(long context) {
        free(keyContextFree, context);
    }

    @Override
    public int deriveInit(long context) {
        try {
            return (int) J_I.invokeExact(deriveInit, context);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    @Override
    public int deriveSetPeer(long context, long peer) {
        return call(deriveSetPeer, context, peer);
    }

    @Override
    public int derive(long context, long secret, long length) {
        return call(derive, context, secret, length);
    }

    @Override
    public long digestContextNew() {
        return call(digestContextNew);
    }

    @Override
    public void digestContextFree(long context) {
        free(digestContextFree, context);
    }

    @Override
    public int digestSignInit(long context, long key) {
        return call(digestSignInit, context, 0, 0, 0, key);
    }

    @Override
    public int digestSign(
            long context, long signature, long length, long message, long messageLength) {
        return call(digestSign, context, signature, length, message, messageLength);
    }

    @Override
    public int digestVerifyInit(long context, long key) {
        return call(digestVerifyInit, context, 0, 0, 0, key);
    }

    @Override
    public int digestVerify(
            long context, long signature, long length, long message, long messageLength) {
        return call(digestVerify, context, signature, length, message, messageLength);
    }

    private static long call(MemorySegment function) {
        try {
            return (long) J.invokeExact(function);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    private static void free(MemorySegment function, long address) {
        try {
            J_V.invokeExact(function, address);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    private static long newKey(MemorySegment function, int type, long bytes, long length) {
        try {
            return (long) IJJJ_J.invokeExact(function, type, 0L, bytes, length);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    private static int call(MemorySegment function, long a, long b) {
        try {
            return (int) JJ_I.invokeExact(function, a, b);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    private static int call(MemorySegment function, long a, long b, long c) {
        try {
            return (int) JJJ_I.invokeExact(function, a, b, c);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    private static int call(MemorySegment function, long a, long b, long c, long d, long e) {
        try {
            return (int) JJJJJ_I.invokeExact(function, a, b, c, d, e);
        } catch (Throwable thrown) {
            throw impossible(thrown);
        }
    }

    /// C functions throw nothing, but the compiler cannot know.
    static AssertionError impossible(Throwable thrown) {
        return new AssertionError("a C function has thrown", thrown);
    }
}
