// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.cache;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Spells a floating point number the way Rust's serde_json does, so that files are equal to the byte.
///
/// The shortest digits that read back as the same number; always with a fraction (`1.0`) unless there
/// is an exponent; an exponent below 1e-5 and from 1e16, without a plus sign and without a needless
/// fraction (`1e-7`, where Java writes `1.0E-7`).
final class ShortestDecimal {
    private static final int SMALLEST_PLAIN = -5;
    private static final int LARGEST_PLAIN = 16;

    private ShortestDecimal() {}

    /// @param value finite
    static String of(double value) {
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        var shortest = shortest(Math.abs(value));
        return (value < 0 ? "-" : "")
                + spell(shortest.unscaledValue().toString(), -shortest.scale());
    }

    /// Java insists on two digits, and so may miss a single one that would do (4.9E-324 for 5e-324).
    private static BigDecimal shortest(double value) {
        var decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        var single = decimal.round(new MathContext(1, RoundingMode.HALF_EVEN));
        return single.doubleValue() == value ? single.stripTrailingZeros() : decimal;
    }

    private static String spell(String digits, int exponent) {
        int point = digits.length() + exponent;
        if (exponent >= 0 && point <= LARGEST_PLAIN) {
            return digits + "0".repeat(exponent) + ".0";
        }
        if (point > 0 && point <= LARGEST_PLAIN) {
            return digits.substring(0, point) + "." + digits.substring(point);
        }
        if (point > SMALLEST_PLAIN && point <= 0) {
            return "0." + "0".repeat(-point) + digits;
        }
        var fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
        return digits.charAt(0) + fraction + "e" + (point - 1);
    }
}
