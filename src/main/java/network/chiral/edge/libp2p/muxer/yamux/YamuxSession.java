// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer.yamux;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.IntObjectHashMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import network.chiral.edge.libp2p.muxer.MuxedConnection;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import network.chiral.edge.libp2p.security.SecureChannel;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

/// Reads Yamux frames from a secure channel and owns the streams.
///
/// Payload is handed on as it arrives, so a frame need not be whole and no buffer is sized by a length
/// that the remote claims. A violation of the protocol is answered with GoAway 1 and ends the session.
public final class YamuxSession implements MuxedConnection, SecureChannel.Consumer {
    /// Bytes of unsent control frames (pongs, window updates) at which the remote is given up: it
    /// makes us answer without reading the answers.
    private static final int MAX_CONTROL_BACKLOG = 64 * 1024;

    /// The round trip is measured anew after so many intervals of a remote that is heard all the time.
    private static final int INTERVALS_PER_MEASUREMENT = 10;

    /// For how long a round trip is good enough for streams that flow.
    private static final long MEASUREMENT_LASTS_NANOS = 1_000_000_000;

    /// Keepalives come three times in an interval; one that comes early by less than half of that is
    /// as good as in time.
    private static final int JITTER_SHARE = 6;

    final SecureChannel channel;
    final YamuxLimits limits;
    final WindowBudget budget;
    final YamuxOutput output;
    private final boolean client;
    private final Listener listener;
    private final IntObjectHashMap<YamuxStream> streams = new IntObjectHashMap<>(4);
    private volatile int streamCount;
    private int nextId;
    private int inboundCount;
    private int unacknowledgedCount;
    private boolean remoteGoneAway;
    private boolean closed;
    private String closeReason = "the remote closed the connection";

    // the frame under way
    private final ByteBuf header = Unpooled.buffer(Frame.HEADER_LENGTH, Frame.HEADER_LENGTH);
    private @Nullable YamuxStream payloadStream;
    private int payloadLeft;
    private boolean finBehindPayload;

    private int pingId;
    private long pingSent; // nanoTime, 0 while none is under way
    private long asked; // when pingSent was, by the clock of whoever keeps alive
    private boolean heard; // bytes, since the keepalive before
    private long heardAt = System.nanoTime(); // the latest keepalive that found so
    private long roundTripNanos;
    private long measuredAt = heardAt;

    /// @param client true on the side that dialled; it opens streams of odd ids
    public YamuxSession(
            SecureChannel channel,
            boolean client,
            YamuxLimits limits,
            WindowBudget budget,
            Listener listener) {
        this.channel = channel;
        this.client = client;
        this.limits = limits;
        this.budget = budget;
        this.listener = listener;
        this.nextId = client ? 1 : 2;
        this.output = new YamuxOutput(channel);
    }

    // --- what the swarm asks

    @Override
    public Optional<MuxedStream> open() {
        if (closed
                || remoteGoneAway
                || nextId < 0
                || unacknowledgedCount >= limits.unacknowledgedStreams()) {
            return Optional.empty();
        }
        var stream = new YamuxStream(this, nextId, true);
        nextId += 2;
        unacknowledgedCount++;
        put(stream);
        return Optional.of(stream);
    }

    @Override
    public int streamCount() {
        return streamCount;
    }

    @Override
    public Optional<Duration> roundTrip() {
        return roundTripNanos == 0
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(roundTripNanos));
    }

    long roundTripNanos() {
        return roundTripNanos;
    }

    @Override
    public void keepAlive(long now, long interval) {
        if (closed) {
            return;
        }
        if (heard) {
            heard = false;
            heardAt = now;
        }
        long patience = interval - interval / JITTER_SHARE;
        if (pingSent == 0) {
            boolean silent = now - heardAt >= patience;
            if (silent || now - measuredAt >= INTERVALS_PER_MEASUREMENT * interval) {
                measureRoundTrip();
                asked = now;
            }
        } else if (now - asked >= patience) {
            closeFor("the remote answers no pings");
        }
    }

    @Override
    public void measureRoundTrip() {
        if (pingSent == 0) {
            pingSent = System.nanoTime();
            asked = pingSent;
            output.control(Frame.PING, Frame.SYN, 0, ++pingId);
        }
    }

    /// Measures the round trip anew for streams that flow: a busy path takes longer than one at rest.
    void measureUnderLoad() {
        if (roundTripNanos == 0 || System.nanoTime() - measuredAt >= MEASUREMENT_LASTS_NANOS) {
            measureRoundTrip();
        }
    }

    @Override
    public void goAway() {
        output.control(Frame.GO_AWAY, 0, 0, Frame.NORMAL);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closeReason = "closed by this side";
        goAway();
        output.flush();
        channel.close();
    }

    private void closeFor(String reason) {
        closeReason = reason;
        channel.close();
    }

    private void violated(String what) {
        closeReason = "protocol violation: " + what;
        output.control(Frame.GO_AWAY, 0, 0, Frame.PROTOCOL_ERROR);
        output.flush();
        channel.close();
    }

    // --- what the streams tell

    void acknowledged() {
        unacknowledgedCount--;
    }

    /// A stream was reset because the host holds as much as it may.
    void overloaded() {
        listener.onOverload();
    }

    private void put(YamuxStream stream) {
        streams.put(stream.id, stream);
        streamCount = streams.size();
    }

    void forget(YamuxStream stream) {
        streams.remove(stream.id);
        streamCount = streams.size();
        boolean taken = isRemotes(stream.id);
        if (taken) {
            inboundCount--;
        }
        listener.onStreamGone(taken);
    }

    private boolean isRemotes(int id) {
        return (id & 1) == (client ? 0 : 1);
    }

    // --- frames

    @Override
    public void onPlain(ByteBuf plain) {
        heard = true;
        try {
            while (plain.isReadable() && !closed) {
                if (payloadLeft > 0) {
                    onPayload(plain);
                } else {
                    onHeaderBytes(plain);
                }
            }
        } catch (MalformedMessage e) {
            violated(String.valueOf(e.getMessage()));
        }
    }

    private void onHeaderBytes(ByteBuf plain) throws MalformedMessage {
        if (header.writerIndex() == 0 && plain.readableBytes() >= Frame.HEADER_LENGTH) {
            int at = plain.readerIndex();
            plain.skipBytes(Frame.HEADER_LENGTH);
            onHeader(plain, at);
            return;
        }
        int missing = Frame.HEADER_LENGTH - header.writerIndex();
        header.writeBytes(plain, Math.min(missing, plain.readableBytes()));
        if (header.writerIndex() == Frame.HEADER_LENGTH) {
            header.clear();
            onHeader(header, 0);
        }
    }

    private void onHeader(ByteBuf from, int at) throws MalformedMessage {
        int version = from.getByte(at);
        int type = from.getUnsignedByte(at + 1);
        int flags = from.getUnsignedShort(at + 2);
        int id = from.getInt(at + 4);
        long length = from.getUnsignedInt(at + 8);
        if (version != Frame.VERSION || (flags & ~Frame.ALL_FLAGS) != 0) {
            throw new MalformedMessage("version " + version + ", flags " + flags);
        }
        switch (type) {
            case Frame.DATA -> onData(flags, id, length);
            case Frame.WINDOW_UPDATE -> onWindowUpdate(flags, id, length);
            case Frame.PING -> onPing(flags, (int) length);
            case Frame.GO_AWAY -> onGoAway(length);
            default -> throw new MalformedMessage("frame type " + type);
        }
    }

    private void onData(int flags, int id, long length) throws MalformedMessage {
        if (length > Integer.MAX_VALUE) {
            throw new MalformedMessage("a frame of " + length + " bytes");
        }
        var stream = find(flags, id);
        if (stream != null && (flags & Frame.RST) != 0) {
            stream.onReset();
            stream = null;
        }
        if (stream != null) {
            stream.onDataHeader((int) length);
        }
        payloadStream = stream;
        payloadLeft = (int) length;
        finBehindPayload = (flags & Frame.FIN) != 0;
        if (length == 0) {
            endOfPayload();
        }
    }

    private void onPayload(ByteBuf plain) {
        int take = Math.min(payloadLeft, plain.readableBytes());
        payloadLeft -= take;
        if (payloadStream == null) {
            plain.skipBytes(take); // of a stream that was reset meanwhile
        } else {
            payloadStream.onPayload(plain.readRetainedSlice(take));
        }
        if (payloadLeft == 0) {
            endOfPayload();
        }
    }

    private void endOfPayload() {
        if (finBehindPayload && payloadStream != null) {
            payloadStream.onFin();
        }
        payloadStream = null;
    }

    private void onWindowUpdate(int flags, int id, long delta) throws MalformedMessage {
        var stream = find(flags, id);
        if (stream == null) {
            return;
        }
        if ((flags & Frame.RST) != 0) {
            stream.onReset();
            return;
        }
        stream.onWindowUpdate(delta);
        if ((flags & Frame.FIN) != 0) {
            stream.onFin();
        }
    }

    /// The stream that a frame belongs to; made where the frame opens one, null where it is gone.
    private @Nullable YamuxStream find(int flags, int id) throws MalformedMessage {
        var stream = streams.get(id);
        if ((flags & Frame.SYN) != 0) {
            if (stream != null || id == 0 || !isRemotes(id)) {
                throw new MalformedMessage("SYN for stream " + id);
            }
            return accept(flags, id);
        }
        if (stream != null && (flags & Frame.ACK) != 0) {
            stream.onAck();
        }
        return stream;
    }

    private @Nullable YamuxStream accept(int flags, int id) throws MalformedMessage {
        if (inboundCount >= limits.inboundStreams() || !listener.takesStream()) {
            refuse(id);
            return null;
        }
        var stream = new YamuxStream(this, id, false);
        put(stream);
        inboundCount++;
        if ((flags & Frame.RST) == 0) {
            listener.onStream(stream);
        }
        return stream;
    }

    private void refuse(int id) throws MalformedMessage {
        output.control(Frame.WINDOW_UPDATE, Frame.RST, id, 0);
        boundControlBacklog();
    }

    private void onPing(int flags, int value) throws MalformedMessage {
        if ((flags & Frame.SYN) != 0) {
            output.control(Frame.PING, Frame.ACK, 0, value);
            boundControlBacklog();
        } else if (value == pingId && pingSent != 0) {
            measuredAt = System.nanoTime();
            roundTripNanos = Math.max(1, measuredAt - pingSent);
            pingSent = 0;
        }
    }

    private void boundControlBacklog() throws MalformedMessage {
        if (output.controlBacklog() > MAX_CONTROL_BACKLOG) {
            throw new MalformedMessage("answers are asked for and not read");
        }
    }

    private void onGoAway(long code) {
        boolean first = !remoteGoneAway;
        remoteGoneAway = true;
        if (code != Frame.NORMAL) {
            closeFor("the remote said GoAway " + code);
        } else if (first) {
            listener.onGoAway();
        }
    }

    @Override
    public void onBurstEnd() {
        // frames are flushed by the task that the first of them scheduled
    }

    @Override
    public void onWritabilityChanged() {
        if (channel.isWritable()) {
            output.flush();
        }
    }

    @Override
    public void onClosed() {
        if (closed) {
            return;
        }
        closed = true;
        output.close();
        for (var stream : new ArrayList<>(streams.values())) {
            stream.onReset();
        }
        listener.onClosed(closeReason);
    }
}
