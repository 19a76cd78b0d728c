// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// Seals and opens with a cipher written in Java, which wants arrays: a message is copied in and out.
final class JavaAead implements Aead {
    private static final int NONCE_LENGTH = 12;

    /// ChaCha20-Poly1305 over arrays, with one key.
    interface Cipher {
        /// Seals the first `length` bytes in place, the tag following them.
        void seal(byte[] nonce, byte[] associatedData, byte[] message, int length);

        /// Opens the first `length` bytes in place, of which the tag is the last.
        boolean open(byte[] nonce, byte[] associatedData, byte[] message, int length);
    }

    private @Nullable Cipher cipher;
    private byte[] message = {};

    JavaAead(Cipher cipher) {
        this.cipher = cipher;
    }

    @Override
    public void seal(
            long nonce, byte[] associatedData, ByteBuf[] parts, int partCount, ByteBuf out) {
        var open = stillOpen();
        Bounds.checkSeal(parts, partCount, out);
        var length = 0;
        for (var i = 0; i < partCount; i++) {
            length += parts[i].readableBytes();
        }
        makeRoom(length + TAG_LENGTH);
        var end = 0;
        for (var i = 0; i < partCount; i++) {
            var part = parts[i];
            part.getBytes(part.readerIndex(), message, end, part.readableBytes());
            end += part.readableBytes();
        }
        open.seal(bytes(nonce), associatedData, message, length);
        out.writeBytes(message, 0, length + TAG_LENGTH);
    }

    @Override
    public boolean open(long nonce, byte[] associatedData, ByteBuf buffer, int index, int length) {
        var open = stillOpen();
        Bounds.checkOpen(buffer, index, length);
        if (length < TAG_LENGTH) {
            return false;
        }
        makeRoom(length);
        buffer.getBytes(index, message, 0, length);
        if (!open.open(bytes(nonce), associatedData, message, length)) {
            return false;
        }
        buffer.setBytes(index, message, 0, length - TAG_LENGTH);
        return true;
    }

    private Cipher stillOpen() {
        if (cipher == null) {
            throw new IllegalStateException("the key is closed");
        }
        return cipher;
    }

    private void makeRoom(int length) {
        if (message.length < length) {
            message = new byte[length];
        }
    }

    private static byte[] bytes(long nonce) {
        var bytes = new byte[NONCE_LENGTH];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(Integer.BYTES, nonce);
        return bytes;
    }

    @Override
    public void close() {
        cipher = null;
        message = new byte[0];
    }
}
