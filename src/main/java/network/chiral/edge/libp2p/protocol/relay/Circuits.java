// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.swarm.Joined;
import network.chiral.edge.libp2p.swarm.Junction;
import network.chiral.edge.libp2p.swarm.Reply;
import network.chiral.edge.libp2p.swarm.Request;
import org.jspecify.annotations.Nullable;

/// The circuits that stand, with what they count against and go by.
final class Circuits {
    private final Allowance allowance;
    private final CircuitTable table;
    private final Paces paces;
    private final TrafficTable traffic = new TrafficTable();
    private final Set<Slot> standing = ConcurrentHashMap.newKeySet();
    private final AtomicLong begun = new AtomicLong();
    private final LongAdder endedBytes = new LongAdder();

    Circuits(RelayLimits limits) {
        allowance = limits.allowance();
        table = new CircuitTable(limits);
        paces = new Paces(limits.bandwidth());
    }

    /// Takes a place, or says why there is none.
    Optional<Refusal> begin(PeerId source, PeerId destination) {
        return table.begin(source, destination);
    }

    /// The place that [#begin] took, to be given back exactly once.
    Slot slot(PeerId source, PeerId destination) {
        return new Slot(source, destination);
    }

    int size() {
        return table.size();
    }

    boolean carries(PeerId peer) {
        return table.carries(peer);
    }

    List<PeerTraffic> top(int count) {
        return traffic.top(count);
    }

    /// The circuits that stand, in no order.
    List<OpenCircuit> open() {
        long now = System.nanoTime();
        return standing.stream().map(slot -> slot.view(now)).toList();
    }

    /// Payload of all circuits since the start; while one ends it may be told a little late.
    long relayedBytes() {
        long bytes = endedBytes.sum();
        for (var slot : standing) {
            bytes += slot.bytes();
        }
        return bytes;
    }

    /// Ends the circuits whose source and destination are such.
    void end(BiPredicate<PeerId, PeerId> which) {
        standing.stream()
                .filter(slot -> which.test(slot.source, slot.destination))
                .forEach(Slot::end);
    }

    /// How a circuit was, when it is over.
    record Outcome(PeerId source, PeerId destination, Joined joined, Duration lasted) {}

    /// A circuit's place in the table.
    final class Slot {
        private final PeerId source;
        private final PeerId destination;
        private final long number = begun.incrementAndGet();
        private volatile @Nullable Junction junction;
        private boolean joined;
        private long began; // nanoTime; written before the circuit stands

        private Slot(PeerId source, PeerId destination) {
            this.source = source;
            this.destination = destination;
        }

        void freeUnlessJoined() {
            if (!joined) {
                table.end(source, destination);
            }
        }

        /// Answers `request` with `answer`, joins its stream to that of `reply`, and tells `over` when they
        /// have ended.
        void join(Request request, byte[] answer, Reply reply, Consumer<Outcome> over) {
            joined = true;
            began = System.nanoTime();
            var pace = paces.begin(source, destination);
            var own = request.join(answer, reply, allowance, pace);
            synchronized (this) {
                junction = own;
            }
            standing.add(this);
            own.end()
                    .thenAccept(outcome -> {
                        standing.remove(this);
                        table.end(source, destination);
                        paces.end(source, destination);
                        long bytes = outcome.bytesForward() + outcome.bytesBackward();
                        endedBytes.add(bytes);
                        traffic.add(source, bytes);
                        traffic.add(destination, bytes);
                        var lasted = Duration.ofNanos(System.nanoTime() - began);
                        over.accept(new Outcome(source, destination, outcome, lasted));
                    });
        }

        private OpenCircuit view(long now) {
            var own = junction;
            return new OpenCircuit(
                    number,
                    source,
                    destination,
                    Duration.ofNanos(now - began),
                    own == null ? 0 : own.bytesForward(),
                    own == null ? 0 : own.bytesBackward());
        }

        private long bytes() {
            var own = junction;
            return own == null ? 0 : own.bytes();
        }

        /// Ends the circuit, if it stands.
        synchronized void end() {
            var own = junction;
            if (own != null) {
                own.reset();
            }
        }
    }
}
