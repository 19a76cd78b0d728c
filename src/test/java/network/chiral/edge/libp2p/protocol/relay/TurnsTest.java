// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import static network.chiral.edge.libp2p.protocol.relay.ReservationTableTest.anyPeer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import network.chiral.edge.libp2p.identity.PeerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnsTest {
    private static final PeerId BOB = anyPeer(1);

    private final Turns turns = new Turns(2);
    private final List<String> served = new ArrayList<>();

    private Turns.Waiter waiter(String name) {
        return new Turns.Waiter() {
            @Override
            public boolean onTurn() {
                served.add(name);
                return true;
            }
        };
    }

    @Test
    void givesAsManyTurnsAtOnceAsAreAllowedAndThenLetsWait() {
        assertThat(turns.give(BOB, waiter("one"))).isFalse();
        assertThat(turns.give(BOB, waiter("two"))).isFalse();

        assertThat(turns.give(BOB, waiter("three"))).isTrue();

        assertThat(served).containsExactly("one", "two");
        turns.done(BOB);
        assertThat(served).containsExactly("one", "two", "three");
    }

    @Test
    void letsOnePeerHoldUpNoOther() {
        turns.give(BOB, waiter("one"));
        turns.give(BOB, waiter("two"));

        assertThat(turns.give(anyPeer(2), waiter("other"))).isFalse();
    }

    @Test
    void servesThoseWhoWaitInTheirOrder() {
        for (int i = 0; i < 7; i++) {
            turns.give(BOB, waiter("" + i));
        }

        for (int i = 0; i < 5; i++) {
            turns.done(BOB);
        }

        assertThat(served).containsExactly("0", "1", "2", "3", "4", "5", "6");
    }

    @Test
    void givesNoTurnToWhoWaitsNoLonger() {
        turns.give(BOB, waiter("one"));
        turns.give(BOB, waiter("two"));
        var impatient = waiter("impatient");
        turns.give(BOB, impatient);
        turns.give(BOB, waiter("patient"));

        assertThat(turns.leave(BOB, impatient)).isTrue();
        turns.done(BOB);

        assertThat(served).containsExactly("one", "two", "patient");
        assertThat(turns.leave(BOB, impatient)).isFalse();
    }

    @Test
    void takesNoTurnFromWhoHasIt() {
        var one = waiter("one");
        turns.give(BOB, one);

        assertThat(turns.leave(BOB, one)).isFalse();

        assertThat(turns.peers()).isEqualTo(1);
    }

    @Test
    void passesATurnOnThatNobodyUsesHoweverManyWait() {
        turns.give(BOB, waiter("one"));
        turns.give(BOB, waiter("two"));
        var passed = new AtomicInteger();
        for (int i = 0; i < 100_000; i++) {
            turns.give(
                    BOB,
                    new Turns.Waiter() {
                        @Override
                        public boolean onTurn() {
                            passed.incrementAndGet();
                            return false;
                        }
                    });
        }

        turns.done(BOB);

        assertThat(passed).hasValue(100_000);
        turns.done(BOB);
        assertThat(turns.peers()).isZero();
    }

    @Test
    void keepsNothingOfAPeerThatNobodyWantsAnyMore() {
        for (int i = 0; i < 1_000; i++) {
            var late = waiter("late");
            turns.give(anyPeer(i), waiter("one"));
            turns.give(anyPeer(i), waiter("two"));
            turns.give(anyPeer(i), late);
            turns.leave(anyPeer(i), late);
            turns.done(anyPeer(i));
            turns.done(anyPeer(i));
        }

        assertThat(turns.peers()).isZero();
    }

    @Test
    void neverGivesMoreTurnsThanAllowedUnderLoad() throws Exception {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var all = new CountDownLatch(200);
        for (int i = 0; i < 200; i++) {
            Thread.ofVirtual()
                    .start(() ->
                            turns.give(
                                    BOB,
                                    new Turns.Waiter() {
                                        @Override
                                        public boolean onTurn() {
                                            Thread.ofVirtual().start(() -> use(now, most, all));
                                            return true;
                                        }
                                    }));
        }

        all.await();

        assertThat(most).hasValueLessThanOrEqualTo(2);
        assertThat(turns.peers()).isZero();
    }

    private void use(AtomicInteger now, AtomicInteger most, CountDownLatch all) {
        most.accumulateAndGet(now.incrementAndGet(), Math::max);
        Thread.yield();
        now.decrementAndGet();
        turns.done(BOB);
        all.countDown();
    }
}
