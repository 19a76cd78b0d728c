// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import network.chiral.edge.libp2p.multiformats.Varint;

/// What came in on a stream and was not taken yet, cut into messages: an unsigned varint and as many
/// bytes each.
///
/// Holds copies on the heap, of at most twice their size: what waits must not pin the connection's read
/// buffer.
/// Touched on one event loop only.
final class Inbox {
    /// What [#next] says of a message that is not whole.
    static final int INCOMPLETE = 0;

    /// What it says of one that is too long.
    static final int BAD = -1;

    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

    /// Copies what came; the buffer stays the caller's.
    void add(ByteBuf data) {
        if (!bytes.isReadable()) {
            bytes = Unpooled.copiedBuffer(data);
            return;
        }
        // grows by doubling: a window full of small frames is not copied anew for each of them
        bytes.discardReadBytes();
        bytes.writeBytes(data, data.readerIndex(), data.readableBytes());
    }

    boolean isEmpty() {
        return !bytes.isReadable();
    }

    /// How many bytes the next message takes, its length prefix included; [#INCOMPLETE] or [#BAD] where
    /// there is none.
    int next(int maxLength) {
        long length = 0;
        for (int i = 0; i < bytes.readableBytes(); i++) {
            byte next = bytes.getByte(bytes.readerIndex() + i);
            length |= (long) (next & 0x7F) << 7 * i;
            if (length > maxLength || i == Varint.MAX_LENGTH) {
                return BAD;
            }
            if (next >= 0) {
                int whole = i + 1 + (int) length;
                return bytes.readableBytes() < whole ? INCOMPLETE : whole;
            }
        }
        return INCOMPLETE;
    }

    /// The body of the next message, which stays.
    byte[] peek(int whole) {
        int at = bytes.readerIndex();
        int prefix = 1;
        while (bytes.getByte(at + prefix - 1) < 0) {
            prefix++;
        }
        var body = new byte[whole - prefix];
        bytes.getBytes(at + prefix, body);
        return body;
    }

    void skip(int count) {
        bytes.skipBytes(count);
    }

    /// Gives away all that is left.
    ByteBuf leave() {
        var rest = bytes;
        bytes = Unpooled.EMPTY_BUFFER;
        return rest;
    }

    /// All that is left, to be read in place.
    ByteBuf bytes() {
        return bytes;
    }
}
