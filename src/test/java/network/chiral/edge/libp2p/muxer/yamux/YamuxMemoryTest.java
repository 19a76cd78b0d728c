// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer.yamux;

import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.FIN;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.NONE;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.RST;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.SYN;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.WINDOW;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.data;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.frame;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.muxer.yamux.YamuxRig.Sent;
import org.junit.jupiter.api.Test;

/// What all streams of a host may hold of what came in.
class YamuxMemoryTest {
    private static final int KIB = 1024;

    private final WindowBudget budget = new WindowBudget(0, 100 * KIB);
    private final YamuxRig rig = new YamuxRig(false, YamuxLimits.DEFAULT, budget);

    @Test
    void holdsWhatWasNotConsumed() {
        var stream = rig.accept(1);
        rig.receive(data(NONE, 1, 60 * KIB));
        assertThat(budget.held()).isEqualTo(60 * KIB);

        stream.consumed(20 * KIB);

        assertThat(budget.held()).isEqualTo(40 * KIB);
    }

    @Test
    @Clause("conn-7")
    void resetsTheStreamThatTakesMoreThanThereIsAndNoOther() {
        rig.accept(1);
        rig.accept(3);
        rig.receive(data(NONE, 1, 60 * KIB));

        rig.receive(data(NONE, 3, 60 * KIB));

        assertThat(rig.sent())
                .extracting(Sent::toString)
                .containsExactly("type 1 flags 10 id 3 length 0");
        assertThat(rig.told.get(0).resets).isZero();
        assertThat(rig.told.get(1).resets).isEqualTo(1);
        assertThat(rig.overloads).isEqualTo(1);
        assertThat(budget.held()).isEqualTo(60 * KIB);
        assertThat(rig.channel.isClosed()).isFalse();
    }

    @Test
    void takesASmallRequestAllTheSame() {
        rig.accept(1);
        rig.receive(data(NONE, 1, 100 * KIB));

        rig.receive(data(SYN, 3, KIB));

        assertThat(rig.told.get(1).data.size()).isEqualTo(KIB);
        assertThat(rig.overloads).isZero();
    }

    @Test
    void holdsNothingOfStreamsThatAreGone() {
        rig.accept(1).reset();
        rig.accept(3);
        rig.accept(5).closeWrite();
        rig.receive(data(NONE, 1, KIB), data(NONE, 3, KIB), data(FIN, 5, KIB));

        rig.receive(frame(WINDOW, RST, 3, 0));

        assertThat(budget.held()).isZero();
    }

    @Test
    void countsForEachShareAndStopsAtTheFirstThatIsSpent() {
        var own = new HeldBytes(50 * KIB);
        var more = new YamuxRig(false, YamuxLimits.DEFAULT, budget.with(List.of(own)));
        more.accept(1);

        more.receive(data(NONE, 1, 50 * KIB));
        assertThat(own.held()).isEqualTo(50 * KIB);
        assertThat(budget.held()).isEqualTo(50 * KIB);
        assertThat(more.overloads).isZero();
        more.receive(data(NONE, 1, 1));

        assertThat(more.overloads).isEqualTo(1);
        assertThat(own.held()).isZero();
        assertThat(budget.held()).isZero();
        more.channel.close();
    }

    @Test
    void holdsNothingOfAConnectionThatIsGone() {
        rig.accept(1);
        rig.receive(data(NONE, 1, 50 * KIB));

        rig.channel.close();
        rig.channel.run();

        assertThat(budget.held()).isZero();
    }

    @Test
    void holdsWhatCameBeforeTheEndUntilItIsConsumed() {
        var stream = rig.accept(1);
        rig.receive(data(FIN, 1, 50 * KIB));

        assertThat(budget.held()).isEqualTo(50 * KIB);
        stream.consumed(50 * KIB);

        assertThat(budget.held()).isZero();
    }

    @Test
    void asksBeforeItTakesAStreamAndTellsWhenItIsGone() {
        rig.takes = 1;
        rig.accept(1);

        rig.receive(data(SYN, 3, KIB));

        assertThat(rig.accepted).hasSize(1);
        assertThat(rig.sent())
                .extracting(Sent::toString)
                .containsExactly("type 1 flags 8 id 3 length 0");
        rig.receive(frame(WINDOW, RST, 1, 0));
        assertThat(rig.gone).isEqualTo(1);
    }
}
