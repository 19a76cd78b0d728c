// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer.yamux;

import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.ACK;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.NONE;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.PING;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.WINDOW;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.WINDOW_SIZE;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.data;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.frame;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import network.chiral.edge.libp2p.muxer.yamux.YamuxRig.Sent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class YamuxFlowTest {
    private static final int MAX_WINDOW = 16 << 20;

    private YamuxRig rig = YamuxRig.server();

    @AfterEach
    void leavesNoBufferAndNoBudgetBehind() {
        rig.channel.close();
        rig.channel.run();

        assertThat(rig.channel.bytesHeld()).isZero();
        assertThat(rig.budget.used()).isZero();
    }

    @Test
    @Clause("yamux-6")
    void sendsNoMoreThanTheRemotesWindow() {
        var stream = rig.accept(1);

        rig.write(stream, WINDOW_SIZE + 1000);

        assertThat(payload()).isEqualTo(WINDOW_SIZE);
        rig.receive(frame(WINDOW, NONE, 1, 600));
        assertThat(payload()).isEqualTo(600);
        rig.receive(frame(WINDOW, NONE, 1, 600));
        assertThat(payload()).isEqualTo(400);
    }

    @Test
    void sendsFramesNoLongerThanTheLimitInMessagesThatFit() {
        var stream = rig.accept(1);

        rig.write(stream, WINDOW_SIZE);

        assertThat(rig.sent())
                .allSatisfy(frame ->
                        assertThat(frame.length())
                                .isLessThanOrEqualTo(YamuxLimits.DEFAULT.maxFrame()));
        assertThat(rig.channel.takeMessageLengths()).hasSizeBetween(4, 6);
    }

    @Test
    void putsManySmallFramesIntoOneMessage() {
        for (int id = 1; id <= 39; id += 2) {
            rig.accept(id);
        }

        rig.accepted.forEach(stream -> rig.write(stream, 10));

        assertThat(rig.sent()).hasSize(20);
        assertThat(rig.channel.takeMessageLengths()).containsExactly(20 * (12 + 10));
    }

    @Test
    @Clause("yamux-6")
    void givesNoWindowBackBeforeTheBytesAreConsumed() {
        rig.accept(1);

        rig.receive(data(NONE, 1, WINDOW_SIZE));

        assertThat(rig.sent()).isEmpty();
    }

    @Test
    @Clause("yamux-6")
    void givesBackExactlyWhatWasConsumed() {
        var stream = rig.accept(1);
        rig.receive(data(NONE, 1, WINDOW_SIZE));

        stream.consumed(WINDOW_SIZE / 2 - 1);
        assertThat(rig.sent()).isEmpty();
        stream.consumed(1);

        assertThat(granted()).isEqualTo(WINDOW_SIZE / 2);
        rig.receive(data(NONE, 1, WINDOW_SIZE / 2));
        assertThat(rig.channel.isClosed()).isFalse();
        rig.receive(data(NONE, 1, 1));
        assertThat(rig.channel.isClosed()).isTrue();
    }

    @Test
    void givesNothingBackToARemoteThatHasEnded() {
        var stream = rig.accept(1);
        rig.receive(data(YamuxRig.FIN, 1, WINDOW_SIZE));

        stream.consumed(WINDOW_SIZE);

        assertThat(rig.sent()).isEmpty();
    }

    @Test
    void growsTheWindowOfAReaderThatUsesItUpWithinAFewRoundTrips() {
        var stream = rig.accept(1);
        roundTripOf(Duration.ofMillis(200));

        consumeWindow(stream, WINDOW_SIZE);

        assertThat(rig.budget.used()).isEqualTo(WINDOW_SIZE);
        assertThat(granted()).isEqualTo(WINDOW_SIZE / 2 + WINDOW_SIZE);
    }

    @Test
    @Clause("yamux-6")
    void growsNoFurtherThanTheLargestWindow() {
        rig = new YamuxRig(false, new YamuxLimits(10, 10, 3 * WINDOW_SIZE, 64_000), 1 << 30);
        var stream = rig.accept(1);
        roundTripOf(Duration.ofMillis(200));

        for (int i = 0; i < 20; i++) {
            consumeWindow(stream, WINDOW_SIZE);
        }

        assertThat(rig.budget.used()).isEqualTo(2L * WINDOW_SIZE);
    }

    @Test
    void growsNoWindowThatTheBudgetDoesNotCover() {
        rig = new YamuxRig(false, new YamuxLimits(10, 10, MAX_WINDOW, 64_000), WINDOW_SIZE + 5);
        var first = rig.accept(1);
        var second = rig.accept(3);
        roundTripOf(Duration.ofMillis(200));

        for (int i = 0; i < 5; i++) {
            consumeWindow(first, 1, WINDOW_SIZE);
            consumeWindow(second, 3, WINDOW_SIZE);
        }

        assertThat(rig.budget.used()).isEqualTo(WINDOW_SIZE);
        first.reset();
        assertThat(rig.budget.used()).isZero();
    }

    @Test
    void growsNoWindowWithoutConsumption() {
        rig.accept(1);
        roundTripOf(Duration.ofMillis(200));

        rig.receive(data(NONE, 1, WINDOW_SIZE));

        assertThat(rig.budget.used()).isZero();
        assertThat(rig.sent()).isEmpty();
    }

    @Test
    void asksForTheRoundTripBeforeItGrowsAnything() {
        var stream = rig.accept(1);

        consumeWindow(stream, WINDOW_SIZE);

        assertThat(rig.budget.used()).isZero();
        assertThat(rig.sent()).anyMatch(frame -> frame.type() == PING);
    }

    @Test
    void measuresTheRoundTripAnewForAStreamThatFlows() {
        var stream = rig.accept(1);
        roundTripOf(Duration.ofMillis(1));

        waitFor(Duration.ofSeconds(1));
        consumeWindow(stream, WINDOW_SIZE);

        assertThat(rig.sent()).anyMatch(frame -> frame.type() == PING);
    }

    @Test
    void tellsWhatTheSocketTookAndNotBefore() {
        var stream = rig.accept(1);
        rig.channel.stall();

        rig.write(stream, 1000);
        rig.channel.run();
        assertThat(rig.told.getFirst().written).isZero();
        rig.channel.take();

        assertThat(rig.told.getFirst().written).isEqualTo(1000);
    }

    @Test
    void sealsNoMoreThanABurstWhileTheSocketTakesNothing() {
        rig.channel.stall();
        for (int id = 1; id <= 39; id += 2) {
            rig.write(rig.accept(id), WINDOW_SIZE);
        }

        int before = payload();
        rig.channel.writable(false);
        rig.receive(frame(PING, YamuxRig.SYN, 0, 1));
        assertThat(rig.sent()).isEmpty();
        rig.channel.take();
        rig.channel.writable(true);
        rig.channel.take();
        int after = before + payload();
        while (after < 20 * WINDOW_SIZE) {
            rig.channel.take();
            int more = payload();
            assertThat(more).isPositive();
            after += more;
        }

        assertThat(after).isEqualTo(20 * WINDOW_SIZE);
    }

    @Test
    void letsStreamsTakeTurns() {
        var fast = rig.accept(1);
        var slow = rig.accept(3);
        rig.write(fast, WINDOW_SIZE);
        rig.write(slow, 3 * 60_000);

        var ids = rig.sent().stream().map(Sent::id).toList();

        assertThat(ids.subList(0, 6)).containsExactly(1, 3, 1, 3, 1, 3);
    }

    @Test
    @Clause("conn-2")
    void letsAStalledStreamHoldUpNoOther() {
        var stalled = rig.accept(1);
        var other = rig.accept(3);
        rig.write(stalled, 10 * WINDOW_SIZE);
        rig.sent();

        rig.write(other, 1000);

        assertThat(payload()).isEqualTo(1000);
    }

    @Test
    void putsTheSmallSlicesOfAStalledStreamIntoOneBuffer() {
        var stream = rig.accept(1);
        rig.write(stream, WINDOW_SIZE);
        rig.sent();
        for (int i = 0; i < 40; i++) {
            rig.write(stream, 100);
        }

        rig.receive(frame(WINDOW, NONE, 1, 150));
        assertThat(payload()).isEqualTo(150);
        assertThat(rig.channel.bytesHeld()).isLessThan(2 * 4000);
        rig.receive(frame(WINDOW, NONE, 1, 10_000));

        assertThat(payload()).isEqualTo(4000 - 150);
        assertThat(rig.told.getFirst().written).isEqualTo(WINDOW_SIZE + 4000);
    }

    /// Lets the session believe that its remote is `time` away.
    private void roundTripOf(Duration time) {
        rig.session.measureRoundTrip();
        int value = rig.sent().getLast().length();
        waitFor(time);
        rig.receive(frame(PING, ACK, 0, value));
    }

    private static void waitFor(Duration time) {
        long over = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < over) {
            Thread.onSpinWait();
        }
    }

    private void consumeWindow(MuxedStream stream, int bytes) {
        consumeWindow(stream, 1, bytes);
    }

    private void consumeWindow(MuxedStream stream, int id, int bytes) {
        rig.receive(data(NONE, id, bytes));
        stream.consumed(bytes / 2);
        stream.consumed(bytes - bytes / 2);
        rig.channel.run();
    }

    private int granted() {
        return rig.sent().stream()
                .filter(frame -> frame.type() == WINDOW)
                .mapToInt(Sent::length)
                .sum();
    }

    private int payload() {
        return rig.sent().stream().mapToInt(frame -> frame.payload().length).sum();
    }
}
