// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import network.chiral.edge.libp2p.security.SecureChannel;
import org.jspecify.annotations.Nullable;

/// A secure channel without security or socket: what is sealed can be read here in the clear, and the
/// test says when the socket takes it.
public final class MemoryChannel implements SecureChannel {
    private final EmbeddedChannel loop;
    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true);
    private final ByteArrayOutputStream sealed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final ArrayDeque<ChannelFutureListener> untold = new ArrayDeque<>();
    private final List<Integer> messages = new ArrayList<>();
    private @Nullable Consumer consumer;
    private boolean stalled;
    private boolean writable = true;
    private boolean closed;

    public MemoryChannel() {
        this.loop = new EmbeddedChannel();
    }

    /// A channel on the same event loop.
    public MemoryChannel(MemoryChannel other) {
        this.loop = other.loop;
    }

    @Override
    public EventLoop eventLoop() {
        return loop.eventLoop();
    }

    @Override
    public ByteBufAllocator allocator() {
        return memory;
    }

    @Override
    public void consumer(Consumer next) {
        consumer = next;
    }

    @Override
    public int maxPlainLength() {
        return 65_519;
    }

    @Override
    public void seal(ByteBuf[] parts, int count, int plainLength) {
        int before = sealed.size();
        for (int i = 0; i < count; i++) {
            sealed.writeBytes(ByteBufUtil.getBytes(parts[i]));
        }
        if (sealed.size() - before != plainLength || plainLength > maxPlainLength()) {
            throw new AssertionError("a message of " + plainLength + " bytes that are not there");
        }
        messages.add(plainLength);
    }

    @Override
    public void flush(ChannelFutureListener written) {
        sent.writeBytes(sealed.toByteArray());
        sealed.reset();
        untold.add(written);
        if (!stalled) {
            take();
        }
    }

    @Override
    public boolean isWritable() {
        return writable && !closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (consumer != null) {
                consumer.onClosed();
            }
        }
    }

    // --- the test's side

    /// Runs what was scheduled on the loop.
    public void run() {
        loop.runPendingTasks();
    }

    /// From now on the socket takes nothing until [#take].
    public void stall() {
        stalled = true;
    }

    /// The socket takes what was flushed.
    public void take() {
        for (ChannelFutureListener next; (next = untold.poll()) != null; ) {
            try {
                next.operationComplete(loop.newSucceededFuture());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    public void writable(boolean now) {
        writable = now;
        if (consumer != null) {
            consumer.onWritabilityChanged();
        }
    }

    /// Brings `bytes` in, as one message of the remote.
    public void receive(byte[] bytes) {
        if (closed || consumer == null) {
            return;
        }
        var plain = memory.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
        try {
            consumer.onPlain(plain);
            if (!closed) {
                consumer.onBurstEnd();
            }
        } finally {
            plain.release();
        }
        run();
    }

    /// What was sent since the last call.
    public byte[] takeSent() {
        run();
        var bytes = sent.toByteArray();
        sent.reset();
        return bytes;
    }

    /// Lengths of the sealed messages since the last call.
    public List<Integer> takeMessageLengths() {
        var lengths = List.copyOf(messages);
        messages.clear();
        return lengths;
    }

    public boolean isClosed() {
        return closed;
    }

    /// Bytes of buffers that were allocated here and not released.
    public long bytesHeld() {
        return memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory();
    }
}
