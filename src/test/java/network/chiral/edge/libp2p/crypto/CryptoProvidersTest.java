// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.security.SecureRandom;
import java.util.List;
import network.chiral.edge.libp2p.crypto.CryptoProviders.Candidate;
import network.chiral.edge.libp2p.crypto.Selection.Rejection;
import org.junit.jupiter.api.Test;

class CryptoProvidersTest {
    private final CryptoProvider sound =
            new JavaProvider("sound", BouncyCastleCipher::new, new SecureRandom());

    @Test
    void choosesLibcryptoWhereItIs() {
        assumeThat(AvailableProviders.all().getFirst().name()).startsWith("libcrypto");

        var selection = CryptoProviders.select();

        assertThat(selection.provider().name())
                .matches("libcrypto \\(\\S+ \\S+(, libsodium \\S+)?\\)");
        assertThat(selection.rejected()).isEmpty();
    }

    @Test
    void leavesLibsodiumAloneWhenLibcryptoIsAskedFor() {
        assumeThat(AvailableProviders.all().getFirst().name()).startsWith("libcrypto");

        var selection = CryptoProviders.select("libcrypto");

        assertThat(selection.provider().name()).matches("libcrypto \\(\\S+ \\S+\\)");
        assertThat(selection.rejected()).isEmpty();
    }

    @Test
    void takesLibcryptoAloneAndSaysWhyWhenWhatIsNamedLibsodiumIsAnother() {
        assumeThat(AvailableProviders.all().getFirst().name()).startsWith("libcrypto");
        assumeThat(System.getProperty("os.name")).isEqualTo("Linux");

        var selection =
                CryptoProviders.select(
                        CryptoProviders.candidates(Libcrypto.names(), List.of("libc.so.6")));

        assertThat(selection.provider().name()).doesNotContain("libsodium");
        assertThat(selection.rejected())
                .containsExactly(
                        new Rejection(
                                "libcrypto with libsodium", "it has no sodium_version_string"));
    }

    @Test
    void leavesLibcryptoAloneWhenJavaIsAskedFor() {
        var selection = CryptoProviders.select("java");

        assertThat(selection.provider().name()).startsWith("java");
        assertThat(selection.rejected()).isEmpty();
    }

    @Test
    void refusesAPreferenceThatItDoesNotKnow() {
        assertThatThrownBy(() -> CryptoProviders.select("openssl"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("openssl");
    }

    @Test
    void fallsBackToJavaWhenThereIsNoLibrary() {
        var selection =
                CryptoProviders.select(
                        CryptoProviders.candidates(List.of("libnone.so.3", "nor"), List.of()));

        assertThat(selection.provider().name()).startsWith("java");
        assertThat(selection.rejected())
                .containsExactly(new Rejection("libcrypto", "there is no libnone.so.3, no nor"));
    }

    @Test
    void fallsBackToJavaWhenTheLibraryIsAnother() {
        assumeThat(System.getProperty("os.name")).isEqualTo("Linux");

        var selection =
                CryptoProviders.select(CryptoProviders.candidates(List.of("libc.so.6"), List.of()));

        assertThat(selection.provider().name()).startsWith("java");
        assertThat(selection.rejected())
                .containsExactly(new Rejection("libcrypto", "it has no OpenSSL_version"));
    }

    @Test
    void passesOverAProviderThatComputesWrongly() {
        var wrong = new JavaProvider("wrong", _ -> new NoCipher(), new SecureRandom());

        var selection =
                CryptoProviders.select(
                        List.of(
                                new Candidate("wrong", () -> wrong),
                                new Candidate("sound", () -> sound)));

        assertThat(selection.provider()).isSameAs(sound);
        assertThat(selection.rejected())
                .containsExactly(new Rejection("wrong", "what it seals is not what RFC 8439 says"));
    }

    @Test
    void saysWhyWhenNoProviderWorks() {
        var missing =
                new Candidate(
                        "missing",
                        () -> {
                            throw new UnsatisfiedLinkError("nowhere");
                        });

        assertThatThrownBy(() -> CryptoProviders.select(List.of(missing)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("missing", "nowhere");
    }

    @Test
    void countsWhatIsOpenOutsideOfTheHeap() {
        var selection = CryptoProviders.select();
        assumeThat(selection.provider().name()).startsWith("libcrypto");
        var before = CryptoProviders.liveContexts();

        var aead = selection.provider().chacha20Poly1305(new byte[32]);
        var pair = selection.provider().newX25519KeyPair();
        var whileOpen = CryptoProviders.liveContexts();
        aead.close();
        aead.close();
        pair.close();
        pair.close();

        assertThat(whileOpen).isEqualTo(before + 2);
        assertThat(CryptoProviders.liveContexts()).isEqualTo(before);
    }

    /// Leaves every message as it is, and accepts every tag.
    private static final class NoCipher implements JavaAead.Cipher {
        @Override
        public void seal(byte[] nonce, byte[] associatedData, byte[] message, int length) {}

        @Override
        public boolean open(byte[] nonce, byte[] associatedData, byte[] message, int length) {
            return true;
        }
    }
}
