// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// One tick a second on each event loop, for everything on that loop that has a deadline.
///
/// Ten thousand connections share one timer per loop instead of owning one each, and each tick visits a
/// part of them only: what has a deadline to the second is apart. The ticks also show that the loops
/// are alive.
final class LoopTimers implements AutoCloseable {
    /// Something on a loop that wants to know what time it is.
    interface Ticked {
        /// @param now by System.nanoTime
        void onTick(long now);

        /// The swarm closes; what has an end of its own then does nothing.
        default void onShutdown() {}
    }

    /// The things of one loop; touched on that loop only, but for the tick's time.
    private static final class OfLoop {
        final Set<Ticked> ticked = new LinkedHashSet<>();
        final List<Set<Ticked>> visited = new ArrayList<>(); // one of them with each tick
        int turn;
        Ticked[] pass = new Ticked[0]; // under way; kept, so that a tick allocates nothing
        volatile long lastTick = System.nanoTime();

        OfLoop(int period) {
            for (int i = 0; i < period; i++) {
                visited.add(new LinkedHashSet<>());
            }
        }

        Set<Ticked> visitedWith(Ticked one) {
            return visited.get(System.identityHashCode(one) % visited.size());
        }

        /// Ticks all of `due`, which may change meanwhile: what was taken out is not ticked any more,
        /// what came in is ticked next time.
        void pass(Set<Ticked> due, long now) {
            int count = due.size();
            pass = due.toArray(pass);
            for (int i = 0; i < count; i++) {
                var next = pass[i];
                pass[i] = null;
                if (due.contains(next)) {
                    next.onTick(now);
                }
            }
        }
    }

    private final Map<EventExecutor, OfLoop> loops = new ConcurrentHashMap<>();
    private final List<ScheduledFuture<?>> timers = new ArrayList<>();

    /// @param period seconds between two visits
    LoopTimers(EventLoopGroup group, int period) {
        for (var loop : group) {
            var own = new OfLoop(period);
            loops.put(loop, own);
            timers.add(loop.scheduleAtFixedRate(() -> tick(own), 1, 1, TimeUnit.SECONDS));
        }
    }

    private static void tick(OfLoop own) {
        long now = System.nanoTime();
        own.lastTick = now;
        own.pass(own.ticked, now);
        own.turn = (own.turn + 1) % own.visited.size();
        own.pass(own.visited.get(own.turn), now);
    }

    /// Ticks `ticked` from now on. Called on `loop`.
    void add(EventLoop loop, Ticked ticked) {
        of(loop).ticked.add(ticked);
    }

    /// Called on `loop`.
    void remove(EventLoop loop, Ticked ticked) {
        of(loop).ticked.remove(ticked);
    }

    /// Ticks `visited` once in a period from now on. Called on `loop`.
    void visit(EventLoop loop, Ticked visited) {
        of(loop).visitedWith(visited).add(visited);
    }

    /// Called on `loop`.
    void visitNoMore(EventLoop loop, Ticked visited) {
        of(loop).visitedWith(visited).remove(visited);
    }

    /// Tells everything on every loop that the swarm closes.
    void endHandshakes() {
        loops.forEach((loop, own) -> {
            if (!loop.isShuttingDown()) {
                loop.execute(() -> new ArrayList<>(own.ticked).forEach(Ticked::onShutdown));
            }
        });
    }

    private OfLoop of(EventLoop loop) {
        var own = loops.get(loop);
        if (own == null) {
            throw new IllegalArgumentException("a channel lives on a loop of the swarm's group");
        }
        return own;
    }

    /// How long ago the slowest loop ticked last.
    long staleNanos() {
        long now = System.nanoTime();
        return loops.values().stream().mapToLong(own -> now - own.lastTick).max().orElse(0);
    }

    @Override
    public void close() {
        timers.forEach(timer -> timer.cancel(false));
    }
}
