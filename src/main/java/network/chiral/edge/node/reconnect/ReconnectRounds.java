// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reconnect;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// The latest rounds of redials, and how far each is.
@Singleton
public class ReconnectRounds {
    /// Rounds remembered.
    static final int KEPT = 16;

    private final Clock clock;
    private final List<Consumer<Round>> listeners = new CopyOnWriteArrayList<>();
    private final Deque<Running> rounds = new ArrayDeque<>(); // guarded by this
    private int begun;

    ReconnectRounds(Clock clock) {
        this.clock = clock;
    }

    /// A round, as it was when somebody asked.
    ///
    /// @param number counted since the start, the first is 1
    /// @param known cached peers that were not stale
    /// @param relayCapable those of them that relay
    /// @param dialled those that had an address to dial
    /// @param outcomes of the dials that have ended
    /// @param took until now, or until its end
    /// @param over whether all dials have ended
    public record Round(
            int number,
            Instant began,
            int known,
            int relayCapable,
            int dialled,
            Map<DialOutcome, Integer> outcomes,
            Duration took,
            boolean over) {
        public Round {
            outcomes = Map.copyOf(outcomes);
        }

        /// Dials that have ended.
        public int ended() {
            return outcomes.values().stream().mapToInt(Integer::intValue).sum();
        }

        public int connected() {
            return outcomes.getOrDefault(DialOutcome.CONNECTED, 0);
        }
    }

    private static final class Running {
        final int number;
        final Instant began;
        final ReconnectPlan plan;
        final Map<DialOutcome, Integer> outcomes = new EnumMap<>(DialOutcome.class);
        Optional<Duration> took = Optional.empty();

        Running(int number, Instant began, ReconnectPlan plan) {
            this.number = number;
            this.began = began;
            this.plan = plan;
        }

        Round view(Instant now) {
            return new Round(
                    number,
                    began,
                    plan.known(),
                    plan.relayCapable(),
                    plan.targets().size(),
                    outcomes,
                    took.orElseGet(() -> Duration.between(began, now)),
                    took.isPresent());
        }
    }

    /// Is told how far a round is, whenever that changes; answers at once.
    public void onProgress(Consumer<Round> listener) {
        listeners.add(listener);
    }

    /// The latest rounds, the youngest first.
    public synchronized List<Round> latest() {
        var now = clock.instant();
        return rounds.stream().map(round -> round.view(now)).toList();
    }

    /// A round begins.
    void begin(ReconnectPlan plan) {
        Running round;
        synchronized (this) {
            round = new Running(++begun, clock.instant(), plan);
            rounds.addFirst(round);
            if (rounds.size() > KEPT) {
                rounds.removeLast();
            }
        }
        tell(round);
    }

    /// A dial of the youngest round has ended.
    void ended(DialOutcome outcome) {
        Running round;
        synchronized (this) {
            round = rounds.getFirst();
            round.outcomes.merge(outcome, 1, Integer::sum);
        }
        tell(round);
    }

    /// The youngest round is over.
    void over(Duration took) {
        Running round;
        synchronized (this) {
            round = rounds.getFirst();
            round.took = Optional.of(took);
        }
        tell(round);
    }

    private void tell(Running round) {
        if (listeners.isEmpty()) {
            return;
        }
        Round view;
        synchronized (this) {
            view = round.view(clock.instant());
        }
        listeners.forEach(listener -> listener.accept(view));
    }
}
