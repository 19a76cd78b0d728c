// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import io.netty.buffer.ByteBuf;
import java.nio.ReadOnlyBufferException;
import java.util.Objects;

/// Checks the buffers of a call once, before addresses are taken that nobody checks.
final class Bounds {
    private Bounds() {}

    static void checkSeal(ByteBuf[] parts, int partCount, ByteBuf out) {
        Objects.checkFromIndexSize(0, partCount, parts.length);
        var needed = (long) Aead.TAG_LENGTH;
        for (var i = 0; i < partCount; i++) {
            needed += parts[i].readableBytes();
        }
        if (out.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        if (out.writableBytes() < needed) {
            throw new IndexOutOfBoundsException(
                    "a sealed message of "
                            + needed
                            + " bytes, and room for "
                            + out.writableBytes());
        }
    }

    static void checkOpen(ByteBuf buffer, int index, int length) {
        Objects.checkFromIndexSize(index, length, buffer.capacity());
        if (buffer.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
    }
}
