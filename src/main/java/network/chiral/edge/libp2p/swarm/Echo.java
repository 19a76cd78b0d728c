// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.buffer.ByteBuf;
import network.chiral.edge.libp2p.muxer.MuxedStream;

/// Sends back what comes in, on the event loop: a ping needs no thread.
final class Echo implements MuxedStream.Consumer {
    private final MuxedStream muxed;
    private final Runnable ended;
    private boolean over;

    Echo(MuxedStream muxed, Runnable ended) {
        this.muxed = muxed;
        this.ended = ended;
    }

    @Override
    public void onData(ByteBuf data) {
        muxed.write(data);
    }

    @Override
    public void onWritten(int bytes) {
        muxed.consumed(bytes);
    }

    @Override
    public void onEnd() {
        muxed.closeWrite();
    }

    /// Only now: what a remote does not take back stays counted.
    @Override
    public void onWriteClosed() {
        end();
    }

    @Override
    public void onReset() {
        end();
    }

    /// A remote may end and then reset.
    private void end() {
        if (!over) {
            over = true;
            ended.run();
        }
    }
}
