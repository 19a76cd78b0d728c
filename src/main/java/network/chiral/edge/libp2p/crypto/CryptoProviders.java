// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import network.chiral.edge.libp2p.crypto.Selection.Rejection;

/// Chooses the provider when the node starts: the first candidate that computes the test vectors rightly.
///
/// libcrypto comes first, with libsodium's Ed25519 where that is there. Where libcrypto it is missing, or not right, the node runs on Java, several times slower,
/// and the [Selection] says why.
public final class CryptoProviders {
    private static final String AUTO = "auto";
    private static final String LIBCRYPTO = "libcrypto";
    private static final String JAVA = "java";

    /// A provider that may turn out not to be there.
    record Candidate(String name, Supplier<CryptoProvider> provider) {}

    /// Says that a library is not there that a machine may well be without.
    private static final class NotNeeded extends UnsupportedOperationException {
        private static final long serialVersionUID = 1;
    }

    private CryptoProviders() {}

    public static Selection select() {
        return select(AUTO);
    }

    /// Chooses among the candidates that `preference` names.
    ///
    /// @param preference `auto` for libcrypto, with libsodium where there is one, and Java to fall back
    ///     to; `libcrypto` to leave libsodium alone, `java` to leave both alone
    public static Selection select(String preference) {
        return select(
                switch (preference) {
                    case AUTO -> candidates(Libcrypto.names(), Libsodium.names());
                    case LIBCRYPTO -> candidates(Libcrypto.names(), List.of());
                    case JAVA -> javaCandidates();
                    default ->
                            throw new IllegalArgumentException(
                                    "a crypto provider is auto, libcrypto or java, not "
                                            + preference);
                });
    }

    /// How many native contexts are open, which a leak would let grow: ciphers and X25519 keys.
    public static long liveContexts() {
        return LiveContexts.count();
    }

    static Selection select(List<Candidate> candidates) {
        if (NativeExecutable.isBeingBuilt()) {
            throw new IllegalStateException("the provider is chosen when the executable runs");
        }
        var rejected = new ArrayList<Rejection>();
        for (var candidate : candidates) {
            try {
                var provider = candidate.provider().get();
                SelfTest.run(provider);
                return new Selection(provider, rejected);
            } catch (NotNeeded _) {
                // the next one does without, and that is no fault
            } catch (RuntimeException | LinkageError e) {
                rejected.add(new Rejection(candidate.name(), reason(e)));
            }
        }
        throw new IllegalStateException("no crypto provider works: " + rejected);
    }

    private static String reason(Throwable thrown) {
        var cause = thrown;
        while (cause.getMessage() == null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /// All candidates, best first, for the names to look for the libraries under.
    static List<Candidate> candidates(List<String> libcrypto, List<String> libsodium) {
        var candidates = new ArrayList<Candidate>();
        candidates.add(
                new Candidate(
                        LIBCRYPTO + " with libsodium",
                        () -> {
                            var sodium = Libsodium.load(libsodium).orElseThrow(NotNeeded::new);
                            return new LibcryptoProvider(
                                    Libcrypto.load(libcrypto), Optional.of(sodium));
                        }));
        candidates.add(
                new Candidate(
                        LIBCRYPTO,
                        () -> new LibcryptoProvider(Libcrypto.load(libcrypto), Optional.empty())));
        candidates.addAll(javaCandidates());
        return candidates;
    }

    private static List<Candidate> javaCandidates() {
        var candidates = new ArrayList<Candidate>();
        if (!NativeExecutable.HERE) {
            candidates.add(
                    new Candidate(
                            JAVA,
                            () ->
                                    new JavaProvider(
                                            "java (JDK cipher, BouncyCastle curves)",
                                            JdkCipher::new,
                                            new SecureRandom())));
        }
        candidates.add(
                new Candidate(
                        "bouncycastle",
                        () ->
                                new JavaProvider(
                                        "java (BouncyCastle)",
                                        BouncyCastleCipher::new,
                                        new SecureRandom())));
        return candidates;
    }
}
