// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer.yamux;

import io.netty.buffer.ByteBuf;

/// The numbers of Yamux's 12-byte header: version, type, flags, stream id, length; big-endian.
final class Frame {
    static final int HEADER_LENGTH = 12;
    static final int VERSION = 0;

    static final int DATA = 0;
    static final int WINDOW_UPDATE = 1;
    static final int PING = 2;
    static final int GO_AWAY = 3;

    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;
    static final int ALL_FLAGS = SYN | ACK | FIN | RST;

    static final int NORMAL = 0;
    static final int PROTOCOL_ERROR = 1;
    static final int INTERNAL_ERROR = 2;

    /// Window that each side may use of a new stream before the first update.
    static final int INITIAL_WINDOW = 256 * 1024;

    private Frame() {}

    static void write(ByteBuf out, int type, int flags, int streamId, int length) {
        out.writeByte(VERSION)
                .writeByte(type)
                .writeShort(flags)
                .writeInt(streamId)
                .writeInt(length);
    }
}
