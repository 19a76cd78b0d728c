// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Ed25519Test {
    private static final String PROVIDERS =
            "network.chiral.edge.libp2p.crypto.AvailableProviders#all";
    private static final byte[] SEED = "a seed of exactly 32 bytes, here".getBytes(US_ASCII);
    private static final byte[] MESSAGE = "some words".getBytes(US_ASCII);

    /// The order of the base point, RFC 8032 section 5.1.
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    /// RFC 8032, section 7.1, tests 1 and 3: an empty message, and one of two bytes.
    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void signsAsTheSpecDoes(CryptoProvider provider) {
        var empty =
                provider.ed25519Signer(
                        hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
        var two =
                provider.ed25519Signer(
                        hex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"));

        assertThat(empty.publicKey())
                .isEqualTo(hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
        assertThat(empty.sign(new byte[0]))
                .isEqualTo(
                        hex(
                                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                                        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"));
        assertThat(two.sign(hex("af82")))
                .isEqualTo(
                        hex(
                                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                                        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"));
    }

    @Test
    void providersSignAlikeAndVerifyEachOther() {
        var seed = new Random().nextLong();
        var random = new Random(seed);
        for (var round = 0; round < 20; round++) {
            var message = new byte[random.nextInt(round == 0 ? 1 : 5_000)];
            random.nextBytes(message);
            var what = "seed %d, round %d".formatted(seed, round);
            var expected = AvailableProviders.all().getLast().ed25519Signer(SEED).sign(message);
            for (var provider : AvailableProviders.all()) {
                var signer = provider.ed25519Signer(SEED);
                assertThat(signer.sign(message)).as(what).isEqualTo(expected);
                assertThat(provider.ed25519Verify(signer.publicKey(), message, expected))
                        .as(what)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void refusesASignatureKeyOrMessageWithAByteChanged(CryptoProvider provider) {
        var signer = provider.ed25519Signer(SEED);
        var signature = signer.sign(MESSAGE);
        for (var i = 0; i < signature.length; i++) {
            assertThat(provider.ed25519Verify(signer.publicKey(), MESSAGE, changed(signature, i)))
                    .as("byte %d of the signature", i)
                    .isFalse();
        }
        for (var i = 0; i < 32; i++) {
            assertThat(provider.ed25519Verify(changed(signer.publicKey(), i), MESSAGE, signature))
                    .as("byte %d of the key", i)
                    .isFalse();
        }
        assertThat(provider.ed25519Verify(signer.publicKey(), changed(MESSAGE, 3), signature))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void refusesOtherLengthsAndBytesThatAreNoPoint(CryptoProvider provider) {
        var signer = provider.ed25519Signer(SEED);
        var signature = signer.sign(MESSAGE);
        for (var length : new int[] {0, 31, 33}) {
            var key = Arrays.copyOf(signer.publicKey(), length);
            assertThat(provider.ed25519Verify(key, MESSAGE, signature)).isFalse();
        }
        for (var length : new int[] {0, 63, 65}) {
            var other = Arrays.copyOf(signature, length);
            assertThat(provider.ed25519Verify(signer.publicKey(), MESSAGE, other)).isFalse();
        }
        for (var y = 2; y < 40; y++) {
            var key = new byte[32];
            key[0] = (byte) y;
            assertThat(provider.ed25519Verify(key, MESSAGE, signature)).isFalse();
        }
        var beyondTheField = new byte[32];
        Arrays.fill(beyondTheField, (byte) 0xff);
        assertThat(provider.ed25519Verify(beyondTheField, MESSAGE, signature)).isFalse();
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void refusesASecondFormOfAValidSignature(CryptoProvider provider) {
        var signer = provider.ed25519Signer(SEED);
        var signature = signer.sign(MESSAGE);
        var s = new BigInteger(1, reversed(Arrays.copyOfRange(signature, 32, 64))).add(ORDER);
        var bigEndian = s.toByteArray();
        var padded = new byte[32];
        System.arraycopy(bigEndian, 0, padded, 32 - bigEndian.length, bigEndian.length);
        System.arraycopy(reversed(padded), 0, signature, 32, 32);

        assertThat(provider.ed25519Verify(signer.publicKey(), MESSAGE, signature)).isFalse();
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void takesSeedsOf32BytesOnly(CryptoProvider provider) {
        for (var length : new int[] {0, 31, 33, 64}) {
            assertThatThrownBy(() -> provider.ed25519Signer(new byte[length]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void servesManyThreadsAtOnce(CryptoProvider provider) throws Exception {
        var signer = provider.ed25519Signer(SEED);
        var expected = signer.sign(MESSAGE);
        try (var threads = Executors.newFixedThreadPool(8)) {
            Callable<Boolean> both =
                    () ->
                            Arrays.equals(signer.sign(MESSAGE), expected)
                                    && provider.ed25519Verify(
                                            signer.publicKey(), MESSAGE, expected);

            var answers = threads.invokeAll(Stream.generate(() -> both).limit(400).toList());

            for (var answer : answers) {
                assertThat(answer.get()).isTrue();
            }
        }
    }

    private static byte[] changed(byte[] bytes, int index) {
        var changed = bytes.clone();
        changed[index] ^= 4;
        return changed;
    }

    private static byte[] reversed(byte[] bytes) {
        var reversed = new byte[bytes.length];
        for (var i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
