// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import java.util.List;
import java.util.Optional;
import org.graalvm.nativeimage.c.function.CFunctionPointer;
import org.graalvm.nativeimage.c.function.InvokeCFunctionPointer;
import org.graalvm.nativeimage.c.type.CCharPointer;
import org.graalvm.nativeimage.c.type.CTypeConversion;
import org.graalvm.word.PointerBase;
import org.graalvm.word.WordFactory;

/// Calls libsodium from a native executable, the way that [LibcryptoNative] calls libcrypto.
final class LibsodiumNative implements Libsodium {
    private final VToJ version;
    private final JJJToI seedKeyPair;
    private final JJJJJToI sign;
    private final JJJJToI verify;
    private final JJToI x25519PublicKey;
    private final JJJToI x25519;

    private LibsodiumNative(PointerBase library) {
        version = (VToJ) LibcryptoNative.function(library, "sodium_version_string");
        seedKeyPair =
                (JJJToI) LibcryptoNative.function(library, "crypto_sign_ed25519_seed_keypair");
        sign = (JJJJJToI) LibcryptoNative.function(library, "crypto_sign_ed25519_detached");
        verify = (JJJJToI) LibcryptoNative.function(library, "crypto_sign_ed25519_verify_detached");
        x25519PublicKey = (JJToI) LibcryptoNative.function(library, "crypto_scalarmult_base");
        x25519 = (JJJToI) LibcryptoNative.function(library, "crypto_scalarmult");
        var initialise = (VToI) LibcryptoNative.function(library, "sodium_init");
        if (initialise.call() < 0) {
            throw new UnsupportedOperationException("it does not start");
        }
    }

    static Optional<Libsodium> load(List<String> names) {
        var library = LibcryptoNative.open(names);
        return library.isNull() ? Optional.empty() : Optional.of(new LibsodiumNative(library));
    }

    @Override
    public String version() {
        return CTypeConversion.toJavaString(WordFactory.<CCharPointer>pointer(version.call()));
    }

    @Override
    public int seedKeyPair(long publicKey, long secretKey, long seed) {
        return seedKeyPair.call(publicKey, secretKey, seed);
    }

    @Override
    public int sign(long signature, long message, long length, long secretKey) {
        return sign.call(signature, 0, message, length, secretKey);
    }

    @Override
    public int verify(long signature, long message, long length, long publicKey) {
        return verify.call(signature, message, length, publicKey);
    }

    @Override
    public int x25519PublicKey(long publicKey, long privateKey) {
        return x25519PublicKey.call(publicKey, privateKey);
    }

    @Override
    public int x25519(long secret, long privateKey, long publicKey) {
        return x25519.call(secret, privateKey, publicKey);
    }

    private interface VToI extends CFunctionPointer {
        @InvokeCFunctionPointer
        int call();
    }

    private interface VToJ extends CFunctionPointer {
        @InvokeCFunctionPointer
        long call();
    }

    private interface JJToI extends CFunctionPointer {
        @InvokeCFunctionPointer
        int call(long a, long b);
    }

    private interface JJJToI extends CFunctionPointer {
        @InvokeCFunctionPointer
        int call(long a, long b, long c);
    }

    private interface JJJJToI extends CFunctionPointer {
        @InvokeCFunctionPointer
        int call(long a, long b, long c, long d);
    }

    private interface JJJJJToI extends CFunctionPointer {
        @InvokeCFunctionPointer
        int call(long a, long b, long c, long d, long e);
    }
}
