// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.testing;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import network.chiral.edge.libp2p.muxer.MuxedStream;

/// A muxed stream that counts what is asked of it.
public final class FakeMuxedStream implements MuxedStream {
    private final EmbeddedChannel loop = new EmbeddedChannel();
    private int written;
    private int consumed;
    private int resets;
    private int ends;

    @Override
    public EventLoop eventLoop() {
        return loop.eventLoop();
    }

    @Override
    public void consumer(Consumer consumer) {}

    @Override
    public void write(ByteBuf data) {
        written += data.readableBytes();
        data.release();
    }

    @Override
    public void closeWrite() {
        ends++;
    }

    @Override
    public void reset() {
        resets++;
    }

    @Override
    public void letGo(int bytes) {}

    @Override
    public long window() {
        return FIRST_WINDOW;
    }

    @Override
    public void credit(int bytes, boolean awaited) {
        consumed += bytes;
    }

    @Override
    public long unwritten() {
        return 0;
    }

    @Override
    public boolean isClosed() {
        return resets > 0;
    }

    public void run() {
        loop.runPendingTasks();
    }

    public int written() {
        return written;
    }

    public int consumed() {
        return consumed;
    }

    public int resets() {
        return resets;
    }

    public int ends() {
        return ends;
    }
}
