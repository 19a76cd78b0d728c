// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import static network.chiral.edge.libp2p.protocol.relay.ReservationTableTest.anyPeer;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.swarm.Threads;
import network.chiral.edge.libp2p.testing.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnsTest {
    private static final PeerId BOB = anyPeer(1);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Turns turns = new Turns(2, Threads.VIRTUAL);

    @Test
    void givesAsManyTurnsAtOnceAsAreAllowedAndThenLetsWait() throws Exception {
        assertThat(turns.await(BOB, LONG)).isTrue();
        assertThat(turns.await(BOB, LONG)).isTrue();

        assertThat(turns.await(BOB, Duration.ofMillis(1))).isFalse();

        turns.done(BOB);
        assertThat(turns.await(BOB, Duration.ZERO)).isTrue();
    }

    @Test
    void letsOnePeerHoldUpNoOther() throws Exception {
        turns.await(BOB, LONG);
        turns.await(BOB, LONG);

        assertThat(turns.await(anyPeer(2), Duration.ZERO)).isTrue();
    }

    @Test
    void servesThoseWhoWaitInTheirOrder() throws Exception {
        turns.await(BOB, LONG);
        turns.await(BOB, LONG);
        var served = new CopyOnWriteArrayList<Integer>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            var thread = Thread.ofPlatform().start(() -> take(number, served));
            threads.add(thread);
            Eventually.holds("it waits", () -> thread.getState() == Thread.State.TIMED_WAITING);
        }

        for (int i = 1; i <= 5; i++) {
            int count = i;
            turns.done(BOB);
            Eventually.holds("one more is served", () -> served.size() == count);
        }

        assertThat(served).isEqualTo(List.of(0, 1, 2, 3, 4));
        for (var thread : threads) {
            thread.join();
        }
    }

    private void take(int number, List<Integer> served) {
        try {
            turns.await(BOB, LONG);
            served.add(number);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void keepsNothingOfAPeerThatNobodyWantsAnyMore() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            turns.await(anyPeer(i), Duration.ZERO);
            turns.await(anyPeer(i), Duration.ZERO);
            turns.await(anyPeer(i), Duration.ZERO);
            turns.done(anyPeer(i));
            turns.done(anyPeer(i));
        }

        assertThat(turns.peers()).isZero();
    }

    @Test
    void keepsNothingOfAWaiterThatWasInterrupted() throws Exception {
        turns.await(BOB, LONG);
        turns.await(BOB, LONG);
        var interrupted = new CompletableFuture<Boolean>();
        var waiter =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                turns.await(BOB, LONG);
                            } catch (InterruptedException e) {
                                interrupted.complete(true);
                            }
                        });

        waiter.interrupt();
        assertThat(interrupted.get()).isTrue();
        turns.done(BOB);
        turns.done(BOB);

        assertThat(turns.peers()).isZero();
    }

    @Test
    void neverGivesMoreTurnsThanAllowedUnderLoad() throws Exception {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 200; i++) {
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    turns.await(BOB, LONG);
                                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                    Thread.yield();
                                    now.decrementAndGet();
                                    turns.done(BOB);
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                            }));
        }
        for (var thread : threads) {
            thread.join();
        }

        assertThat(most).hasValueLessThanOrEqualTo(2);
        assertThat(turns.peers()).isZero();
    }
}
