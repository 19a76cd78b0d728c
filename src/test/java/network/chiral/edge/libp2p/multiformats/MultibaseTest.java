// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultibaseTest {
    private static final String BASE58 =
            "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    // multiformats/multibase, tests/basic.csv and leading_zero.csv
    @ParameterizedTest
    @CsvSource({
        "yes mani !, f796573206d616e692021",
        "yes mani !, bpfsxgidnmfxgsibb",
        "yes mani !, k2lcpzo5yikidynfl",
        "yes mani !, z7paNL19xttacUY",
        "yes mani !, ueWVzIG1hbmkgIQ",
        "yes mani !, F796573206D616E692021",
        "'\0yes mani !', f00796573206d616e692021",
        "'\0yes mani !', bab4wk4zanvqw42jaee",
        "'\0yes mani !', k02lcpzo5yikidynfl",
        "'\0yes mani !', z17paNL19xttacUY",
        "'\0yes mani !', uAHllcyBtYW5pICE",
        "'\0\0yes mani !', z117paNL19xttacUY",
    })
    void decodesTheVectorsOfTheSpec(String plain, String text) {
        var decoded = Multibase.decode(text);

        assertThat(decoded).isEqualTo(plain.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void decodesWhatItEncoded() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            var bytes = new byte[random.nextInt(70)];
            random.nextBytes(bytes);
            java.util.Arrays.fill(bytes, 0, random.nextInt(bytes.length + 1) / 4, (byte) 0);
            var what = "seed %d, round %d".formatted(seed, round);

            assertThat(Multibase.fromBase58(Multibase.toBase58(bytes))).as(what).isEqualTo(bytes);
            assertThat(Multibase.decode(Multibase.toBase32(bytes))).as(what).isEqualTo(bytes);
            assertThat(Multibase.decode(Multibase.toBase64Url(bytes))).as(what).isEqualTo(bytes);
        }
    }

    @Test
    void spellsNumbersAsDivisionDoes() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            var bytes = new byte[1 + random.nextInt(300)];
            random.nextBytes(bytes);
            bytes[0] |= 1; // no zeros in front: a number has none
            var number = new BigInteger(1, bytes);
            var digits = new StringBuilder();
            for (; number.signum() > 0; number = number.divide(BigInteger.valueOf(58))) {
                digits.append(BASE58.charAt(number.mod(BigInteger.valueOf(58)).intValue()));
            }
            var what = "seed %d, round %d".formatted(seed, round);

            var text = Multibase.toBase58(bytes);

            assertThat(text).as(what).isEqualTo(digits.reverse().toString());
            assertThat(Multibase.fromBase58(text)).as(what).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "m", "z0", "zl", "b1", "k!", "f0", "fxy", "u*", "1abc"})
    void refusesWhatIsNoMultibase(String text) {
        assertThatThrownBy(() -> Multibase.decode(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesATextThatIsLongEnoughToCostTime() {
        for (var prefix : new String[] {"z", "k", "b", "u", "f"}) {
            int longest = "zk".contains(prefix) ? 1_024 : 2_048;
            var text = prefix + "a".repeat(longest + 1);
            assertThatThrownBy(() -> Multibase.decode(text))
                    .as(prefix)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(String.valueOf(longest));
        }
    }
}
