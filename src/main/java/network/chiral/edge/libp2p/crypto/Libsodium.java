// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The functions of libsodium that this package calls, with each C pointer as a `long`.
///
/// Its Ed25519 takes half the time of OpenSSL 3.0's on x86-64, its X25519 four fifths
/// (docs/performance.md has the figures), and each connection needs a signature verified and two secrets
/// agreed. Like libcrypto it is looked for when the process runs; a
/// machine without it loses speed and nothing else.
interface Libsodium {
    /// Loads the first library of `names` that there is.
    ///
    /// @throws UnsupportedOperationException where it lacks a function
    static Optional<Libsodium> load(List<String> names) {
        return NativeExecutable.HERE ? LibsodiumNative.load(names) : LibsodiumForeign.load(names);
    }

    /// The names to try on this machine: of 1.0.20 and later, of those before, and what links point to.
    static List<String> names() {
        var system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.startsWith("mac")) {
            return List.of("/opt/homebrew/lib/libsodium.dylib", "/usr/local/lib/libsodium.dylib");
        }
        if (system.startsWith("windows")) {
            return List.of("libsodium.dll");
        }
        return List.of("libsodium.so.26", "libsodium.so.23", "libsodium.so");
    }

    /// `sodium_version_string`.
    String version();

    /// `crypto_sign_ed25519_seed_keypair`: 0 where it went well.
    int seedKeyPair(long publicKey, long secretKey, long seed);

    /// `crypto_sign_ed25519_detached`, the length of the signature not told: 0 where it went well.
    int sign(long signature, long message, long length, long secretKey);

    /// `crypto_sign_ed25519_verify_detached`: 0 where the signature is right.
    int verify(long signature, long message, long length, long publicKey);

    /// `crypto_scalarmult_base`: the public key of a private one, 32 bytes each.
    int x25519PublicKey(long publicKey, long privateKey);

    /// `crypto_scalarmult`, 32 bytes each: 0 unless the secret would be all zero.
    int x25519(long secret, long privateKey, long publicKey);
}
