// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 5869, appendix A: the test cases with SHA-256.
class HkdfTest {
    private static final HexFormat HEX = HexFormat.of();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b | 000102030405060708090a0b0c | f0f1f2f3f4f5f6f7f8f9 | 3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865
                    0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b | '' | '' | 8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8
                    """)
    void givesWhatTheStandardGives(String secret, String salt, String info, String expected) {
        var wanted = HEX.parseHex(expected);

        var key =
                Hkdf.derive(
                        HEX.parseHex(secret),
                        HEX.parseHex(salt),
                        HEX.parseHex(info),
                        wanted.length);

        assertThat(key).isEqualTo(wanted);
    }

    /// Test case 2: inputs longer than a block of the hash, and three rounds.
    @Test
    void givesWhatTheStandardGivesForLongInputs() {
        var expected =
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c6"
                        + "5e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87";

        var key = Hkdf.derive(counting(0x00), counting(0x60), counting(0xb0), 82);

        assertThat(HEX.formatHex(key)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 8161})
    void refusesALengthTheStandardHasNot(int length) {
        var none = new byte[0];

        assertThatThrownBy(() -> Hkdf.derive(none, none, none, length))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] counting(int first) {
        var bytes = new byte[80];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }
}
