// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    private static final List<String> WORDS = List.of("repair", "export", "import", "show");

    @ParameterizedTest
    @CsvSource({"repiar,repair", "exprot,export", "improt,import", "shw,show", "shows,show"})
    void findsWhatWasMeant(String typed, String meant) {
        assertThat(Nearest.of(typed, WORDS)).contains(meant);
    }

    @Test
    void guessesNothingWhereMoreThanAThirdWouldChange() {
        assertThat(Nearest.of("banana", WORDS)).isEmpty();
        assertThat(Nearest.of("x".repeat(100_000), WORDS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"a,a,0", "ab,ba,1", "abc,ab,1", "ab,xb,1", "kitten,sitting,3", "ca,abc,3"})
    void countsLettersToChange(String one, String other, int distance) {
        assertThat(Nearest.distance(one, other)).isEqualTo(distance);
        assertThat(Nearest.distance(other, one)).isEqualTo(distance);
    }
}
