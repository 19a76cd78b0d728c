// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShortestDecimalTest {
    @ParameterizedTest
    @CsvSource({
        "0.0, 0.0",
        "-0.0, -0.0",
        "1.0, 1.0",
        "0.5, 0.5",
        "0.82, 0.82",
        "0.1, 0.1",
        "0.30000000000000004, 0.30000000000000004",
        "0.6666666666666666, 0.6666666666666666",
        "0.001, 0.001",
        "0.00001, 0.00001",
        "0.0000123, 0.0000123",
        "0.000001, 1e-6",
        "0.0000001, 1e-7",
        "0.00000012345, 1.2345e-7",
        "-0.00000015, -1.5e-7",
        "100.0, 100.0",
        "1234.5, 1234.5",
        "1e15, 1000000000000000.0",
        "1234567890123456.0, 1234567890123456.0",
        "1e16, 1e16",
        "1.7976931348623157e308, 1.7976931348623157e308",
        "1e23, 1e23",
        "2.2250738585072014e-308, 2.2250738585072014e-308",
        "4.9e-324, 5e-324"
    })
    void spellsLikeSerdeJson(double value, String text) {
        assertThat(ShortestDecimal.of(value)).isEqualTo(text);
    }

    @Test
    void readsBackAsTheSameNumber() {
        var random = new Random(20261123);
        for (int i = 0; i < 20_000; i++) {
            double value =
                    i % 2 == 0 ? random.nextDouble() : Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertThat(Double.parseDouble(ShortestDecimal.of(value))).isEqualTo(value);
            }
        }
    }
}
