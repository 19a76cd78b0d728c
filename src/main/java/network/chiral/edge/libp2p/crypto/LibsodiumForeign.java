// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/// Calls libsodium from a JVM, the way that [LibcryptoForeign] calls libcrypto.
final class LibsodiumForeign implements Libsodium {
    private static final MethodHandle V_I = shape(FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle V_J = shape(FunctionDescriptor.of(JAVA_LONG));
    private static final MethodHandle JJ_I =
            shape(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle JJJ_I =
            shape(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle JJJJ_I =
            shape(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle JJJJJ_I =
            shape(
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private final MemorySegment version;
    private final MemorySegment seedKeyPair;
    private final MemorySegment sign;
    private final MemorySegment verify;
    private final MemorySegment x25519PublicKey;
    private final MemorySegment x25519;

    private LibsodiumForeign(SymbolLookup library) {
        version = LibcryptoForeign.function(library, "sodium_version_string");
        seedKeyPair = LibcryptoForeign.function(library, "crypto_sign_ed25519_seed_keypair");
        sign = LibcryptoForeign.function(library, "crypto_sign_ed25519_detached");
        verify = LibcryptoForeign.function(library, "crypto_sign_ed25519_verify_detached");
        x25519PublicKey = LibcryptoForeign.function(library, "crypto_scalarmult_base");
        x25519 = LibcryptoForeign.function(library, "crypto_scalarmult");
        initialise(LibcryptoForeign.function(library, "sodium_init"));
    }

    static Optional<Libsodium> load(List<String> names) {
        return LibcryptoForeign.open(names).map(LibsodiumForeign::new);
    }

    private static MethodHandle shape(FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(descriptor);
    }

    private static void initialise(MemorySegment function) {
        try {
            if ((int) V_I.invokeExact(function) < 0) {
                throw new UnsupportedOperationException("it does not start");
            }
        } catch (UnsupportedOperationException e) {
            throw e;
        } catch (Throwable e) {
            throw LibcryptoForeign.impossible(e);
        }
    }

    @Override
    public String version() {
        try {
            var text = (long) V_J.invokeExact(version);
            return MemorySegment.ofAddress(text).reinterpret(Integer.MAX_VALUE).getString(0);
        } catch (Throwable e) {
            throw LibcryptoForeign.impossible(e);
        }
    }

    @Override
    public int seedKeyPair(long publicKey, long secretKey, long seed) {
        try {
            return (int) JJJ_I.invokeExact(seedKeyPair, publicKey, secretKey, seed);
        } catch (Throwable e) {
            throw LibcryptoForeign.impossible(e);
        }
    }

    @Override
    public int sign(long signature, long message, long length, long secretKey) {
        try {
            return (int) JJJJJ_I.invokeExact(sign, signature, 0L, message, length, secretKey);
        } catch (Throwable e) {
            throw LibcryptoForeign.impossible(e);
        }
    }

    @Override
    public int verify(long signature, long message, long length, long publicKey) {
        try {
            return (int) JJJJ_I.invokeExact(verify, signature, message, length, publicKey);
        } catch (Throwable e) {
            throw LibcryptoForeign.impossible(e);
        }
    }

    @Override
    public int x25519PublicKey(long publicKey, long privateKey) {
        try {
            return (int) JJ_I.invokeExact(x25519PublicKey, publicKey, privateKey);
        } catch (Throwable e) {
            throw LibcryptoForeign.impossible(e);
        }
    }

    @Override
    public int x25519(long secret, long privateKey, long publicKey) {
        try {
            return (int) JJJ_I.invokeExact(x25519, secret, privateKey, publicKey);
        } catch (Throwable e) {
            throw LibcryptoForeign.impossible(e);
        }
    }
}
