// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;

/// The kinds of buffer that can reach a cipher, by how their memory is found.
enum BufferKind {
    HEAP {
        @Override
        ByteBuf withRoomFor(int length) {
            return Unpooled.buffer(length);
        }
    },
    DIRECT {
        @Override
        ByteBuf withRoomFor(int length) {
            return PooledByteBufAllocator.DEFAULT.directBuffer(length + 5).writeZero(5);
        }
    },
    /// What Netty hands out when it may not use `sun.misc.Unsafe`.
    DIRECT_WITHOUT_ADDRESS {
        @Override
        ByteBuf withRoomFor(int length) {
            return new UnpooledDirectByteBuf(
                            UnpooledByteBufAllocator.DEFAULT, length + 5, length + 5)
                    .writeZero(5);
        }
    },
    SLICE {
        @Override
        ByteBuf withRoomFor(int length) {
            return Unpooled.directBuffer(length + 100)
                    .writeZero(length + 100)
                    .slice(17, length)
                    .clear();
        }
    },
    COMPOSITE {
        @Override
        ByteBuf withRoomFor(int length) {
            var half = length / 2;
            return Unpooled.wrappedBuffer(
                            Unpooled.directBuffer(half).writeZero(half),
                            Unpooled.buffer(length - half).writeZero(length - half))
                    .clear();
        }
    };

    /// An empty buffer with room for `length` bytes from its writer index on.
    abstract ByteBuf withRoomFor(int length);

    ByteBuf holding(byte[] bytes) {
        var buffer = withRoomFor(bytes.length);
        return buffer.readerIndex(buffer.writerIndex()).writeBytes(bytes);
    }
}
