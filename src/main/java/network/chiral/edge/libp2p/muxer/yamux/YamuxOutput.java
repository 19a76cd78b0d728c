// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer.yamux;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.util.ArrayDeque;
import java.util.ArrayList;
import network.chiral.edge.libp2p.security.SecureChannel;
import org.jspecify.annotations.Nullable;

/// Turns what waits to be sent into sealed messages, once per burst.
///
/// Streams take turns, one data frame each, so that a fast one does not starve the others. Headers go
/// into one small buffer, payload is sealed from where it lies: the cipher's output is the only copy.
final class YamuxOutput {
    /// Sealed per flush at most; the rest waits until the socket has taken it.
    private static final int MAX_BURST = 512 * 1024;

    /// Parts of one sealed message at most, so that a message of tiny frames stays bounded.
    private static final int MAX_PARTS = 256;

    private final SecureChannel channel;
    private final ArrayDeque<YamuxStream> ready = new ArrayDeque<>(2);
    private @Nullable ByteBuf control; // frames without payload, in order
    private boolean flushScheduled;
    private boolean closed;

    // the message under construction
    private final ArrayList<ByteBuf> parts = new ArrayList<>(4);
    private int plainLength;

    YamuxOutput(SecureChannel channel) {
        this.channel = channel;
    }

    /// Queues a frame without payload; such frames go before data.
    void control(int type, int flags, int streamId, int length) {
        if (closed) {
            return;
        }
        var out = control;
        if (out == null) {
            out = channel.allocator().directBuffer(64);
            control = out;
        }
        Frame.write(out, type, flags, streamId, length);
        schedule();
    }

    /// How many bytes of frames without payload wait; a remote that reads nothing must not let them pile up.
    int controlBacklog() {
        return control == null ? 0 : control.readableBytes();
    }

    /// Tells that `stream` has something to send.
    void ready(YamuxStream stream) {
        if (closed || stream.queuedForOutput || !stream.hasSomethingToSend()) {
            return;
        }
        stream.queuedForOutput = true;
        ready.add(stream);
        schedule();
    }

    private void schedule() {
        if (!flushScheduled) {
            flushScheduled = true;
            channel.eventLoop().execute(this::flush);
        }
    }

    /// Seals and writes what may leave now. Runs by itself once per burst.
    void flush() {
        flushScheduled = false;
        if (closed || !channel.isWritable() || control == null && ready.isEmpty()) {
            return;
        }
        var written = new Written();
        int sealed = sealControl();
        while (!ready.isEmpty() && sealed < MAX_BURST) {
            var stream = ready.poll();
            stream.queuedForOutput = false;
            sealed += add(stream, written);
        }
        sealMessage();
        channel.flush(written);
    }

    private int sealControl() {
        var out = control;
        if (out == null) {
            return 0;
        }
        control = null;
        int length = out.readableBytes();
        while (out.isReadable()) {
            int room = channel.maxPlainLength() / Frame.HEADER_LENGTH * Frame.HEADER_LENGTH;
            int take = Math.min(out.readableBytes(), room);
            addPart(out.readRetainedSlice(take));
        }
        out.release();
        return length;
    }

    /// Adds one frame of `stream` and returns its length.
    private int add(YamuxStream stream, Written written) {
        if (!stream.hasSomethingToSend()) {
            return 0;
        }
        makeRoom(Frame.HEADER_LENGTH + 1);
        int room = channel.maxPlainLength() - plainLength - Frame.HEADER_LENGTH;
        int budget = Math.min(stream.sendable(), room);
        var header = channel.allocator().directBuffer(Frame.HEADER_LENGTH);
        header.writerIndex(Frame.HEADER_LENGTH);
        addPart(header);
        int length = addPayload(stream, budget);
        // FIN goes alone, as go-yamux and js-yamux send it: both look at the flags of a frame
        // before its
        // payload, and then lose what comes with FIN (js always on a stream half closed, go at
        // times)
        int fin = length == 0 ? stream.takeFin() : 0;
        int flags = stream.takeFlags() | fin;
        header.writerIndex(0);
        Frame.write(header, fin == 0 ? Frame.DATA : Frame.WINDOW_UPDATE, flags, stream.id, length);
        if (length > 0) {
            stream.used(length);
            written.add(stream, length);
        }
        stream.afterSending();
        ready(stream);
        return Frame.HEADER_LENGTH + length;
    }

    private int addPayload(YamuxStream stream, int budget) {
        int length = 0;
        while (length < budget && parts.size() < MAX_PARTS) {
            var head = stream.head();
            if (head == null) {
                break;
            }
            int take = Math.min(head.readableBytes(), budget - length);
            if (take == head.readableBytes()) {
                stream.pollHead();
                addPart(head);
            } else {
                addPart(head.readRetainedSlice(take));
            }
            length += take;
        }
        return length;
    }

    private void makeRoom(int needed) {
        if (channel.maxPlainLength() - plainLength < needed || parts.size() >= MAX_PARTS - 1) {
            sealMessage();
        }
    }

    private void addPart(ByteBuf part) {
        if (channel.maxPlainLength() - plainLength < part.readableBytes()) {
            sealMessage();
        }
        parts.add(part);
        plainLength += part.readableBytes();
    }

    private void sealMessage() {
        if (parts.isEmpty()) {
            return;
        }
        var array = parts.toArray(new ByteBuf[0]);
        channel.seal(array, array.length, plainLength);
        for (var part : array) {
            part.release();
        }
        parts.clear();
        plainLength = 0;
    }

    /// Drops what waits; nothing is sent any more.
    void close() {
        closed = true;
        if (control != null) {
            control.release();
            control = null;
        }
        ready.clear();
    }

    /// Tells the streams of one burst that the socket took their bytes, then goes on with what waits.
    private final class Written implements ChannelFutureListener {
        private YamuxStream[] streams = new YamuxStream[2];
        private int[] bytes = new int[2];
        private int count;

        void add(YamuxStream stream, int length) {
            if (count > 0 && streams[count - 1] == stream) {
                bytes[count - 1] += length;
                return;
            }
            if (count == streams.length) {
                streams = java.util.Arrays.copyOf(streams, 2 * count);
                bytes = java.util.Arrays.copyOf(bytes, 2 * count);
            }
            streams[count] = stream;
            bytes[count++] = length;
        }

        @Override
        public void operationComplete(ChannelFuture future) {
            if (!future.isSuccess()) {
                return; // the channel closes, and every stream is told so
            }
            for (int i = 0; i < count; i++) {
                streams[i].onWritten(bytes[i]);
            }
            if (!ready.isEmpty()) {
                schedule();
            }
        }
    }
}
