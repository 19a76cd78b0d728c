// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How credit goes from a target through the relay to its source.
class SpliceFlowTest {
    private static final int WINDOW = MuxedStream.FIRST_WINDOW;
    private static final int PLENTY = 16 * WINDOW;

    private static SpliceRig rig(boolean oneLoop) {
        return new SpliceRig(oneLoop, Allowance.UNLIMITED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Clause({"R17"})
    void holdsNextToNothingForATargetThatNeverReads(boolean oneLoop) {
        var rig = rig(oneLoop);

        rig.source.write(new byte[PLENTY]);
        rig.settle();

        assertThat(rig.target.unread()).isEqualTo(WINDOW);
        assertThat(rig.held.held()).isLessThanOrEqualTo(Splice.AHEAD);
        assertThat(rig.held.used()).as("grown windows").isZero();
        assertThat(rig.leak()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Clause({"R17"})
    void holdsNoMoreForATargetWhoseSocketTakesNothing(boolean oneLoop) {
        var rig = rig(oneLoop);
        rig.target.relays.stall();

        rig.source.write(new byte[PLENTY]);
        rig.settle();

        assertThat(rig.held.held()).isLessThanOrEqualTo(WINDOW);
        rig.target.relays.take();
        rig.settle();
        assertThat(rig.held.held()).isLessThanOrEqualTo(Splice.AHEAD);
        assertThat(rig.leak()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnWhenAStalledTargetReads(boolean oneLoop) {
        var rig = rig(oneLoop);
        rig.source.write(new byte[PLENTY]);
        rig.source.stream.closeWrite();
        rig.settle();

        while (rig.target.unread() > 0) {
            rig.target.read(rig.target.unread());
            rig.settle();
        }

        assertThat(rig.target.arrived.size()).isEqualTo(PLENTY + 1);
        assertThat(rig.target.ends).isEqualTo(1);
        assertThat(rig.held.held()).isZero();
    }

    /// Nothing in the protocol says how early a receiver gives credit.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Clause("yamux-6")
    void usesATargetsWindowUpToItsLastByte(boolean oneLoop) {
        var rig = rig(oneLoop);
        rig.source.write(new byte[PLENTY]);
        rig.settle();

        for (int round = 0; round < 12; round++) {
            int before = rig.target.arrived.size();
            assertThat(rig.target.relaysStream.window()).as("used up").isLessThanOrEqualTo(0);
            rig.target.read(rig.target.unread());
            rig.settle();
            assertThat(rig.target.arrived.size()).isGreaterThan(before);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void growsTheWindowOfASourceThatIsFarFromARelayThatIsNearTheTarget(boolean oneLoop) {
        var rig = rig(oneLoop);
        rig.sourceIsAway(Duration.ofSeconds(1));
        rig.source.write(new byte[PLENTY]);

        for (int round = 0; round < 4; round++) {
            rig.settle();
            rig.target.read(rig.target.unread());
        }

        assertThat(rig.held.used()).isGreaterThanOrEqualTo(WINDOW);
        assertThat(rig.leak()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesCreditForATargetsResetToNobody(boolean oneLoop) {
        var rig = rig(oneLoop);
        rig.source.write(new byte[PLENTY]);
        rig.settle();

        rig.target.stream.reset();
        rig.settle();

        assertThat(rig.source.resets).isEqualTo(1);
        assertThat(rig.held.held()).isZero();
    }

    @Test
    void carriesAllBytesInOrderWhateverThePeersDo() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            var what = "seed %d, round %d".formatted(seed, round);
            var rig = rig(random.nextBoolean());
            var up = random(random);
            var down = random(random);

            exchange(random, rig, up, down, what);

            assertThat(tail(rig.target)).as(what).isEqualTo(up);
            assertThat(tail(rig.source)).as(what).isEqualTo(down);
            assertThat(rig.splice.end()).as(what).isDone();
            assertThat(rig.held.held()).as(what).isZero();
            assertThat(rig.held.used()).as(what).isZero();
        }
    }

    /// Without the byte that made the stream known.
    private static byte[] tail(SpliceRig.Side side) {
        var all = side.arrived.toByteArray();
        return Arrays.copyOfRange(all, 1, all.length);
    }

    private static byte[] random(Random random) {
        var bytes = new byte[random.nextInt(6 * WINDOW)];
        random.nextBytes(bytes);
        return bytes;
    }

    /// Lets everybody do something in any order, until both ends have everything.
    private static void exchange(
            Random random, SpliceRig rig, byte[] up, byte[] down, String what) {
        int sentUp = 0;
        int sentDown = 0;
        int steps = 0;
        while (rig.source.ends + rig.target.ends < 2 || !rig.splice.end().isDone()) {
            assertThat(steps++).as("%s: it hangs", what).isLessThan(100_000);
            switch (random.nextInt(9)) {
                case 0 -> sentUp = write(random, rig.source, up, sentUp);
                case 1 -> sentDown = write(random, rig.target, down, sentDown);
                case 2 -> read(random, rig.source);
                case 3 -> read(random, rig.target);
                case 4 -> rig.source.move(1 + random.nextInt(100_000));
                case 5 -> rig.target.move(1 + random.nextInt(100_000));
                case 6 -> rig.target.relays.stall();
                case 7 -> rig.target.relays.take();
                default -> rig.run();
            }
            assertThat(rig.held.held()).as(what).isLessThanOrEqualTo(2L * WINDOW + rig.held.used());
        }
    }

    private static int write(Random random, SpliceRig.Side side, byte[] bytes, int sent) {
        int next = Math.min(bytes.length, sent + 1 + random.nextInt(100_000));
        side.write(Arrays.copyOfRange(bytes, sent, next));
        if (next == bytes.length) {
            side.stream.closeWrite();
            side.channel.run();
        }
        return next;
    }

    private static void read(Random random, SpliceRig.Side side) {
        if (side.unread() > 0) {
            side.read(1 + random.nextInt(side.unread()));
        }
    }
}
