// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which connections to close now, by [TrimRules].
final class TrimPlan {
    /// One connection, as far as it matters here.
    ///
    /// @param kept by somebody who needs it
    /// @param busy has streams open
    /// @param idle without streams since
    record Candidate<C>(
            C connection, boolean kept, boolean busy, double value, Duration age, Duration idle) {}

    private TrimPlan() {}

    /// The connections to close and why. Unused ones go first, then those of little value, and the
    /// youngest of these; none that is kept or in its grace.
    static <C> Map<C, TrimReason> of(List<Candidate<C>> all, TrimRules rules) {
        var free =
                all.stream()
                        .filter(one -> !one.kept() && one.age().compareTo(rules.grace()) >= 0)
                        .toList();
        var plan = new LinkedHashMap<C, TrimReason>();
        if (rules.idle().isPositive()) {
            free.stream()
                    .filter(one -> !one.busy() && one.idle().compareTo(rules.idle()) >= 0)
                    .forEach(one -> plan.put(one.connection(), TrimReason.IDLE));
        }
        if (rules.high() > 0 && all.size() > rules.high()) {
            int excess = all.size() - rules.low() - plan.size();
            free.stream()
                    .filter(one -> !plan.containsKey(one.connection()))
                    .sorted(
                            Comparator.<Candidate<C>, Boolean>comparing(Candidate::busy)
                                    .thenComparingDouble(Candidate::value)
                                    .thenComparing(Candidate::age))
                    .limit(Math.max(0, excess))
                    .toList()
                    .forEach(one -> plan.put(one.connection(), TrimReason.HIGH_WATER));
        }
        return plan;
    }
}
