// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer.yamux;

import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.DATA;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.NONE;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.WINDOW;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.frame;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import network.chiral.edge.libp2p.muxer.yamux.YamuxRig.Sent;
import network.chiral.edge.libp2p.muxer.yamux.YamuxRig.Told;
import org.junit.jupiter.api.Test;

/// Circuits to one destination are streams of its connection: how they share it, counted in frames.
class FairnessTest {
    private static final int MIB = 1 << 20;

    private final YamuxRig rig = YamuxRig.client();
    private int nextId = 1;

    /// A stream whose receiver takes whatever comes.
    private MuxedStream willing() {
        var stream = rig.open(new Told());
        rig.receive(frame(WINDOW, NONE, nextId, 64 * MIB));
        nextId += 2;
        return stream;
    }

    private List<Sent> dataSent() {
        return rig.sent().stream().filter(sent -> sent.type() == DATA).toList();
    }

    @Test
    @Clause("relay-fair-1")
    void aBulkStreamGoesOneFrameBeforeAnInteractiveOneAtMost() {
        var bulk = willing();
        var interactive = willing();
        rig.channel.stall();
        rig.write(bulk, 8 * MIB);
        dataSent(); // the burst that the socket has not taken

        rig.write(interactive, 100);
        rig.channel.take();

        var next = dataSent();
        int turn = next.stream().map(Sent::id).toList().indexOf(3);
        assertThat(turn).isBetween(0, 1);
    }

    @Test
    @Clause("relay-fair-1")
    void manyBulkStreamsGetTheSameNumberOfBytes() {
        var bulks = new ArrayList<MuxedStream>();
        for (int i = 0; i < 16; i++) {
            bulks.add(willing());
        }
        rig.channel.stall();
        bulks.forEach(bulk -> rig.write(bulk, 4 * MIB));
        var bytes = new HashMap<Integer, Long>();
        long longest = 0;

        for (int burst = 0; burst < 60; burst++) {
            for (var sent : dataSent()) {
                bytes.merge(sent.id(), (long) sent.length(), Long::sum);
                longest = Math.max(longest, sent.length());
            }
            rig.channel.take();
        }

        assertThat(bytes).hasSize(16);
        long most = bytes.values().stream().mapToLong(Long::longValue).max().orElseThrow();
        long least = bytes.values().stream().mapToLong(Long::longValue).min().orElseThrow();
        assertThat(least).isGreaterThan(MIB);
        assertThat(most - least).isLessThanOrEqualTo(2 * longest);
    }

    @Test
    @Clause("relay-fair-1")
    void aMessageEachTurnIsNeverHeldUpByFifteenBulkStreams() {
        for (int i = 0; i < 15; i++) {
            rig.write(willing(), 4 * MIB);
        }
        var interactive = willing();
        rig.channel.stall();
        dataSent();

        for (int message = 0; message < 20; message++) {
            rig.write(interactive, 100);
            int frames = 0;
            boolean sent = false;
            while (!sent) {
                rig.channel.take();
                for (var one : dataSent()) {
                    sent |= one.id() == 31;
                    frames += sent ? 0 : 1;
                }
                assertThat(frames).as("frames before message %d", message).isLessThan(32);
            }
        }
    }
}
