// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.swarm.Joined;
import network.chiral.edge.libp2p.swarm.Junction;
import org.jspecify.annotations.Nullable;

/// Two streams in memory whose bytes go to each other under the same rules as in the swarm's splice.
final class MemorySplice implements Junction {
    /// The swarm looks at its deadlines once a second.
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Simulator simulator;
    private final MemoryStream first;
    private final MemoryStream second;
    private final Allowance allowance;
    private final Way forward;
    private final Way backward;
    private final CompletableFuture<Joined> end = new CompletableFuture<>();
    private Simulator.@Nullable Timer timer;
    private int waysOpen = 2;

    MemorySplice(
            Simulator simulator, MemoryStream first, MemoryStream second, Allowance allowance) {
        this.simulator = simulator;
        this.first = first;
        this.second = second;
        this.allowance = allowance;
        this.forward = new Way(first, second, Joined.End.FIRST_RESET);
        this.backward = new Way(second, first, Joined.End.SECOND_RESET);
    }

    @Override
    public CompletableFuture<Joined> end() {
        return end;
    }

    @Override
    public void reset() {
        finish(Joined.End.STOPPED);
    }

    @Override
    public long bytesForward() {
        return forward.bytes;
    }

    @Override
    public long bytesBackward() {
        return backward.bytes;
    }

    void begin() {
        if (!allowance.duration().isZero()) {
            var late = simulator.between(Duration.ZERO, TICK);
            timer =
                    simulator.after(
                            allowance.duration().plus(late), () -> finish(Joined.End.TIME_SPENT));
        }
        first.handOver(forward);
        second.handOver(backward);
    }

    private void finish(Joined.End why) {
        if (complete(why)) {
            first.reset();
            second.reset();
        }
    }

    private boolean complete(Joined.End why) {
        if (timer != null) {
            timer.cancel();
        }
        return end.complete(new Joined(why, forward.bytes, backward.bytes));
    }

    private void wayEnded() {
        if (--waysOpen == 0) {
            complete(Joined.End.CLOSED);
        }
    }

    private final class Way implements MemoryStream.Consumer {
        private final MemoryStream source;
        private final MemoryStream target;
        private final Joined.End whenReset;
        private long bytes;

        Way(MemoryStream source, MemoryStream target, Joined.End whenReset) {
            this.source = source;
            this.target = target;
            this.whenReset = whenReset;
        }

        @Override
        public void onData(MemoryStream.Slice data) {
            long limit = allowance.bytesEachWay();
            long left = limit == 0 ? Long.MAX_VALUE : limit - bytes;
            int admitted = (int) Math.min(data.length(), left);
            bytes += admitted;
            target.pass(data.first(admitted));
            if (admitted < data.length()) {
                finish(Joined.End.BYTES_SPENT);
            }
        }

        @Override
        public void onEnd() {
            target.closeWrite();
            wayEnded();
        }

        @Override
        public void onReset() {
            finish(whenReset);
        }

        @Override
        public void onTaken(int bytes) {
            reverse().creditSource(bytes);
        }

        private Way reverse() {
            return this == forward ? backward : forward;
        }

        private void creditSource(int bytes) {
            source.credit(bytes);
        }
    }
}
