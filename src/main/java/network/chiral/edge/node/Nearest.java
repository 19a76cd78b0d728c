// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds the word that somebody may have meant.
public final class Nearest {
    /// Of a word, how much may be wrong; two words that differ in more have nothing to do with each other.
    private static final int SHARE = 3;

    /// Longer words are not compared: who typed them meant no name.
    private static final int LONGEST = 200;

    private Nearest() {}

    /// The candidate with the fewest letters to insert, remove, replace or swap with their neighbour, the
    /// first in the alphabet among equals; empty where more than a third of the letters would change.
    public static Optional<String> of(String word, Collection<String> candidates) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        record Scored(String candidate, int distance) {}
        return candidates.stream()
                .map(candidate -> new Scored(candidate, distance(word, candidate)))
                .min(Comparator.comparingInt(Scored::distance).thenComparing(Scored::candidate))
                .filter(best -> best.distance() <= Math.max(1, word.length() / SHARE))
                .map(Scored::candidate);
    }

    /// Optimal string alignment: the distance of Damerau and Levenshtein without editing a part twice.
    static int distance(String a, String b) {
        var rows = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            rows[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            rows[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int replaced = rows[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                int moved = Math.min(rows[i - 1][j], rows[i][j - 1]) + 1;
                rows[i][j] = Math.min(replaced, moved);
                if (areSwapped(a, i, b, j)) {
                    rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
                }
            }
        }
        return rows[a.length()][b.length()];
    }

    private static boolean areSwapped(String a, int i, String b, int j) {
        return i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
    }
}
