// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer.yamux;

import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.ACK;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.INTERVAL;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.NONE;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.PING;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.SYN;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.WINDOW;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.frame;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// When a session asks for a sign of life, and when it gives its remote up.
class KeepAliveTest {
    private static final Duration VISIT = INTERVAL.dividedBy(3);

    private final YamuxRig rig = YamuxRig.server();

    private long pings() {
        return rig.sent().stream()
                .filter(sent -> sent.type() == PING && sent.flags() == SYN)
                .count();
    }

    @Test
    void measuresTheRoundTripByItsPing() {
        rig.session.measureRoundTrip();
        int value = rig.sent().getFirst().length();

        rig.receive(frame(PING, ACK, 0, value + 1));
        assertThat(rig.session.roundTrip()).isEmpty();
        rig.receive(frame(PING, ACK, 0, value));

        assertThat(rig.session.roundTrip()).isPresent();
    }

    @Test
    void asksAfterAnIntervalOfSilenceAndNotBefore() {
        rig.keepAlive(VISIT);
        rig.keepAlive(VISIT.multipliedBy(2));
        assertThat(pings()).isZero();

        rig.keepAlive(INTERVAL);

        assertThat(pings()).isEqualTo(1);
    }

    @Test
    void asksNobodyWhoIsHeard() {
        for (int visit = 1; visit < 3 * 10; visit++) {
            if (visit % 3 == 0) { // as go-yamux asks by itself
                rig.receive(frame(PING, SYN, 0, visit));
            }
            rig.keepAlive(VISIT.multipliedBy(visit));
        }

        assertThat(pings()).isZero();
        assertThat(rig.channel.isClosed()).isFalse();
    }

    @Test
    void measuresAnewNowAndThenWhoeverIsHeardAllTheTime() {
        for (int visit = 1; visit <= 3 * 10; visit++) {
            rig.receive(frame(WINDOW, NONE, 1, 0));
            rig.keepAlive(VISIT.multipliedBy(visit));
        }

        assertThat(pings()).isEqualTo(1);
    }

    @Test
    void closesWithinTwoIntervalsAndAVisitOfTheLastByte() {
        rig.receive(frame(PING, SYN, 0, 1));

        int visit = 0;
        while (!rig.channel.isClosed()) {
            rig.keepAlive(VISIT.multipliedBy(++visit));
        }

        assertThat(VISIT.multipliedBy(visit)).isEqualTo(INTERVAL.multipliedBy(2).plus(VISIT));
        assertThat(rig.closings).containsExactly("the remote answers no pings");
    }

    @Test
    void asksAgainOfARemoteThatAnswered() {
        rig.keepAlive(INTERVAL);
        int value = rig.sent().getLast().length();

        rig.receive(frame(PING, ACK, 0, value));
        rig.keepAlive(INTERVAL.multipliedBy(2)); // heard
        rig.keepAlive(INTERVAL.multipliedBy(3));

        assertThat(pings()).isEqualTo(1);
        assertThat(rig.channel.isClosed()).isFalse();
    }

    @Test
    void closesWhereAPingWasNotAnsweredWhateverElseCame() {
        rig.session.measureRoundTrip(); // by a stream that wants to grow
        rig.keepAlive(VISIT);
        assertThat(rig.channel.isClosed()).isFalse();

        rig.receive(frame(PING, SYN, 0, 1));
        rig.keepAlive(INTERVAL);

        assertThat(rig.channel.isClosed()).isTrue();
    }

    @Test
    void takesLateVisitsInARowForOne() {
        rig.session.keepAlive(System.nanoTime(), 1); // long overdue, after the machine slept
        rig.keepAlive(Duration.ofMillis(1));
        rig.keepAlive(Duration.ofMillis(2));

        assertThat(pings()).isEqualTo(1);
        assertThat(rig.channel.isClosed()).isFalse();
    }
}
