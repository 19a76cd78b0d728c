// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import network.chiral.edge.libp2p.muxer.MuxedConnection;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import network.chiral.edge.libp2p.muxer.yamux.WindowBudget;
import network.chiral.edge.libp2p.muxer.yamux.YamuxLimits;
import network.chiral.edge.libp2p.muxer.yamux.YamuxSession;
import network.chiral.edge.libp2p.testing.MemoryChannel;

/// Two peers and a relay that has spliced a stream of each; the test moves the bytes and the time of
/// everything.
final class SpliceRig {
    /// Peers that never grow a window.
    private static final YamuxLimits SMALL =
            new YamuxLimits(10, 10, MuxedStream.FIRST_WINDOW, YamuxLimits.DEFAULT.maxFrame());

    /// One peer, its connection to the relay, and the stream on it.
    final class Side implements MuxedConnection.Listener, MuxedStream.Consumer {
        final MemoryChannel channel = new MemoryChannel();
        final MemoryChannel relays;
        final YamuxSession session;
        final YamuxSession relaysSession;
        final WindowBudget budget = new WindowBudget(1 << 30);
        final List<MuxedStream> accepted = new ArrayList<>();
        final ByteArrayOutputStream arrived = new ByteArrayOutputStream();
        final Cable up = new Cable();
        final Cable down = new Cable();
        MuxedStream stream;
        MuxedStream relaysStream;
        int consumed;
        int ends;
        int resets;

        Side(MemoryChannel relays) {
            this.relays = relays;
            session = new YamuxSession(channel, true, SMALL, budget, this);
            relaysSession =
                    new YamuxSession(relays, false, YamuxLimits.DEFAULT, SpliceRig.this.held, this);
            channel.consumer(session);
            relays.consumer(relaysSession);
            stream = session.open().orElseThrow();
            stream.consumer(this);
            stream.write(bytes(new byte[1])); // a stream is seen when something comes on it
            channel.run();
            relays.receive(channel.takeSent());
            relaysStream = accepted.getFirst();
        }

        @Override
        public void onStream(MuxedStream opened) {
            accepted.add(opened);
        }

        @Override
        public void onClosed(String reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void onData(ByteBuf data) {
            arrived.writeBytes(ByteBufUtil.getBytes(data));
            data.release();
        }

        @Override
        public void onEnd() {
            ends++;
        }

        @Override
        public void onReset() {
            resets++;
        }

        int unread() {
            return arrived.size() - consumed;
        }

        void read(int count) {
            consumed += count;
            stream.consumed(count);
            channel.run();
        }

        void write(byte[] bytes) {
            stream.write(bytes(bytes));
            channel.run();
        }

        /// Moves up to `most` bytes in each direction between the peer and the relay.
        int move(int most) {
            return up.move(channel, relays, most) + down.move(relays, channel, most);
        }

        private ByteBuf bytes(byte[] bytes) {
            return channel.allocator().directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
        }
    }

    /// What one side has sent and the other has not got yet.
    private static final class Cable {
        private byte[] waiting = new byte[0];
        private int at;

        int move(MemoryChannel from, MemoryChannel to, int most) {
            if (at == waiting.length) {
                waiting = from.takeSent();
                at = 0;
            }
            int count = Math.min(most, waiting.length - at);
            if (count > 0) {
                to.receive(Arrays.copyOfRange(waiting, at, at + count));
                at += count;
            }
            return count;
        }
    }

    final WindowBudget held = new WindowBudget(1 << 30);
    final Side source;
    final Side target;
    final Splice splice;
    private final LoopTimers timers;

    /// @param oneLoop whether both connections of the relay live on one event loop
    SpliceRig(boolean oneLoop, Allowance allowance) {
        var first = new MemoryChannel();
        source = new Side(first);
        target = new Side(oneLoop ? new MemoryChannel(first) : new MemoryChannel());
        timers = new LoopTimers(first.eventLoop(), 1);
        splice = new Splice(source.relaysStream, target.relaysStream, allowance, List.of(), timers);
        splice.start();
        join(source, splice.forward());
        join(target, splice.backward());
        run();
    }

    private static void join(Side side, Splice.Way way) {
        side.relaysStream.consumer(way);
        way.taken();
    }

    void run() {
        source.relays.run();
        target.relays.run();
        source.relays.run();
    }

    /// Moves everything that moves by itself; nobody reads.
    void settle() {
        int moved;
        do {
            run();
            moved = source.move(Integer.MAX_VALUE) + target.move(Integer.MAX_VALUE);
        } while (moved > 0);
    }

    /// Lets the relay believe that the source is `time` away.
    void sourceIsAway(Duration time) {
        source.relaysSession.measureRoundTrip();
        var ping = source.relays.takeSent();
        long answered = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < answered) {
            Thread.onSpinWait();
        }
        source.channel.receive(ping);
        settle();
    }

    /// Ends everything; what the relay then holds is lost.
    long leak() {
        List.of(source, target).forEach(side -> side.stream.reset());
        settle();
        return held.held() + held.used();
    }
}
