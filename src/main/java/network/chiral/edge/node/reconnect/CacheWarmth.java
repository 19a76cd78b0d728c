// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.reconnect;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// How warm the node is, as one value that a probe reads without any work.
@Singleton
public class CacheWarmth {
    /// Where the round of redials stands.
    ///
    /// ```
    /// NOT_READ --cache read--> EMPTY | WARMING --round over--> WARM | COLD
    /// ```
    public sealed interface State {
        /// The cache has not been read yet.
        record NotRead() implements State {}

        /// There was nobody to redial.
        record Empty(int known) implements State {}

        /// Dials are under way.
        record Warming(int known, int relayCapable, int dialled, int connected) implements State {}

        /// The round is over.
        record Over(ReconnectReport report) implements State {}
    }

    private final AtomicReference<State> state = new AtomicReference<>(new State.NotRead());
    private final AtomicReference<Optional<Duration>> firstPeer =
            new AtomicReference<>(Optional.empty());

    public State state() {
        return state.get();
    }

    void state(State next) {
        state.set(next);
    }

    /// One more of the dialled peers is connected.
    void connected() {
        state.updateAndGet(now ->
                now instanceof State.Warming(var known, var relays, var dialled, var hits)
                        ? new State.Warming(known, relays, dialled, hits + 1)
                        : now);
    }

    /// How long after the start the first peer was connected; empty before that.
    public Optional<Duration> firstPeer() {
        return firstPeer.get();
    }

    /// Told of every connection; the first one counts.
    public void onPeer(Duration sinceStart) {
        firstPeer.compareAndSet(Optional.empty(), Optional.of(sinceStart));
    }

    /// True once the round is over, or there was none to run.
    public boolean isSettled() {
        return state.get() instanceof State.Empty || state.get() instanceof State.Over;
    }

    /// True once the cache has been read, whatever was in it.
    public boolean isRead() {
        return !(state.get() instanceof State.NotRead);
    }
}
