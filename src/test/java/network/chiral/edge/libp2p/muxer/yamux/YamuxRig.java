// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer.yamux;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import network.chiral.edge.libp2p.muxer.MuxedConnection;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import network.chiral.edge.libp2p.testing.MemoryChannel;

/// A Yamux session whose remote is the test, frame by frame.
final class YamuxRig implements MuxedConnection.Listener {
    static final int DATA = 0;
    static final int WINDOW = 1;
    static final int PING = 2;
    static final int GO_AWAY = 3;
    static final int NONE = 0;
    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;
    static final int WINDOW_SIZE = 256 * 1024;
    static final Duration INTERVAL = Duration.ofSeconds(30);

    /// One frame as it crossed the wire.
    record Sent(int type, int flags, int id, int length, byte[] payload) {
        @Override
        public String toString() {
            return "type %d flags %d id %d length %d".formatted(type, flags, id, length);
        }
    }

    /// What a stream told.
    static final class Told implements MuxedStream.Consumer {
        final ByteArrayOutputStream data = new ByteArrayOutputStream();
        int ends;
        int resets;
        int written;
        int writeCloses;

        @Override
        public void onWriteClosed() {
            writeCloses++;
        }

        @Override
        public void onData(ByteBuf bytes) {
            data.writeBytes(ByteBufUtil.getBytes(bytes));
            bytes.release();
        }

        @Override
        public void onEnd() {
            ends++;
        }

        @Override
        public void onReset() {
            resets++;
        }

        @Override
        public void onWritten(int bytes) {
            written += bytes;
        }
    }

    final MemoryChannel channel = new MemoryChannel();
    final WindowBudget budget;
    final YamuxSession session;
    final List<MuxedStream> accepted = new ArrayList<>();
    final List<Told> told = new ArrayList<>();
    final List<String> closings = new ArrayList<>();
    boolean listen = true;
    int takes = Integer.MAX_VALUE;
    int gone;
    int overloads;
    int goAways;

    YamuxRig(boolean client, YamuxLimits limits, long budgetBytes) {
        this(client, limits, new WindowBudget(budgetBytes));
    }

    YamuxRig(boolean client, YamuxLimits limits, WindowBudget budget) {
        this.budget = budget;
        session = new YamuxSession(channel, client, limits, budget, this);
        channel.consumer(session);
    }

    /// The listening side, which the remote's odd streams reach.
    static YamuxRig server() {
        return new YamuxRig(false, YamuxLimits.DEFAULT, 1 << 30);
    }

    static YamuxRig client() {
        return new YamuxRig(true, YamuxLimits.DEFAULT, 1 << 30);
    }

    @Override
    public void onStream(MuxedStream stream) {
        accepted.add(stream);
        var own = new Told();
        told.add(own);
        if (listen) {
            stream.consumer(own);
        }
    }

    @Override
    public boolean takesStream() {
        return takes-- > 0;
    }

    @Override
    public void onStreamGone(boolean taken) {
        gone += taken ? 1 : 0;
    }

    @Override
    public void onGoAway() {
        goAways++;
    }

    @Override
    public void onOverload() {
        overloads++;
    }

    @Override
    public void onClosed(String reason) {
        closings.add(reason);
    }

    /// The keepalive of `after` from now, with an interval of 30 s.
    void keepAlive(Duration after) {
        session.keepAlive(System.nanoTime() + after.toNanos(), INTERVAL.toNanos());
        channel.run();
    }

    void receive(byte[]... frames) {
        var all = new ByteArrayOutputStream();
        for (var frame : frames) {
            all.writeBytes(frame);
        }
        channel.receive(all.toByteArray());
    }

    MuxedStream accept(int id) {
        receive(frame(WINDOW, SYN, id, 0));
        return accepted.getLast();
    }

    MuxedStream open(Told consumer) {
        var stream = session.open().orElseThrow();
        stream.consumer(consumer);
        return stream;
    }

    void write(MuxedStream stream, int length) {
        stream.write(channel.allocator().directBuffer(Math.max(1, length)).writeZero(length));
    }

    List<Sent> sent() {
        return parse(channel.takeSent());
    }

    static List<Sent> parse(byte[] bytes) {
        var frames = new ArrayList<Sent>();
        var in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining()) {
            if (in.get() != 0) {
                throw new AssertionError("a frame of another version");
            }
            int type = in.get();
            int flags = in.getShort();
            int id = in.getInt();
            int length = in.getInt();
            var payload = new byte[type == DATA ? length : 0];
            in.get(payload);
            frames.add(new Sent(type, flags, id, length, payload));
        }
        return frames;
    }

    static byte[] frame(int type, int flags, int id, long length) {
        return ByteBuffer.allocate(12)
                .put((byte) 0)
                .put((byte) type)
                .putShort((short) flags)
                .putInt(id)
                .putInt((int) length)
                .array();
    }

    static byte[] data(int flags, int id, int length) {
        return data(flags, id, new byte[length]);
    }

    static byte[] data(int flags, int id, byte[] payload) {
        return ByteBuffer.allocate(12 + payload.length)
                .put(frame(DATA, flags, id, payload.length))
                .put(payload)
                .array();
    }
}
