// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VarintTest {
    // multiformats/unsigned-varint, "Format", and the longest number it allows
    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "1, 01",
        "127, 7f",
        "128, 8001",
        "255, ff01",
        "300, ac02",
        "16384, 808001",
        "9223372036854775807, ffffffffffffffff7f",
    })
    void spellsTheNumbersOfTheSpec(long value, String hex) {
        var out = new ByteWriter(0);
        var target = new byte[hex.length() / 2 + 2];

        Varint.write(value, out);
        int end = Varint.put(value, target, 1);

        assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo(hex);
        assertThat(HexFormat.of().formatHex(target, 1, end)).isEqualTo(hex);
        assertThat(Varint.length(value)).isEqualTo(hex.length() / 2);
    }

    @ParameterizedTest
    @CsvSource({"-1, ffffffffffffffffff01", "-9223372036854775808, 80808080808080808001"})
    void spellsANegativeNumberAsUnsigned64Bit(long value, String hex) {
        var out = new ByteWriter(0);

        Varint.write(value, out);

        assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo(hex);
    }
}
