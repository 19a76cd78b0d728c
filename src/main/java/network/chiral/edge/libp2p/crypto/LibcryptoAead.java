// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// One `EVP_CIPHER_CTX` that keeps its key, and gets a new nonce with each message.
///
/// Where both buffers have an address, libcrypto reads the one and writes the other, and nothing is
/// copied or allocated. What has none is copied to where it goes and sealed there; where that has none
/// either, as in a handshake, it passes through C memory in chunks.
final class LibcryptoAead implements Aead {
    private static final int SEAL = 1;
    private static final int OPEN = 0;
    private static final int KEY_LENGTH = 32;

    /// Where things are in [#control].
    private static final int NONCE = 0;

    private static final int COUNTER = 4;
    private static final int TAG = 16;
    private static final int WRITTEN = 32;
    private static final int ASSOCIATED = 48;

    private static final int ASSOCIATED_LENGTH = 64;
    private static final int CHUNK_LENGTH = 512;

    private final Libcrypto libcrypto;
    private final NativeMemory control;
    private @Nullable NativeMemory chunk;
    private long context;

    LibcryptoAead(Libcrypto libcrypto, byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("a key has 32 bytes, not " + key.length);
        }
        this.libcrypto = libcrypto;
        control = new NativeMemory(libcrypto, ASSOCIATED + ASSOCIATED_LENGTH);
        context = Libcrypto.allocated(libcrypto.cipherContextNew());
        LiveContexts.opened();
        control.put(ASSOCIATED, key);
        var done =
                libcrypto.cipherInit(
                        context,
                        libcrypto.chacha20Poly1305(),
                        control.at(ASSOCIATED),
                        control.at(NONCE),
                        SEAL);
        control.put(ASSOCIATED, new byte[KEY_LENGTH]);
        if (done != 1) {
            close();
            throw refused("the key");
        }
    }

    @Override
    public void seal(
            long nonce, byte[] associatedData, ByteBuf[] parts, int partCount, ByteBuf out) {
        Bounds.checkSeal(parts, partCount, out);
        begin(nonce, associatedData, SEAL);
        var end = out.writerIndex();
        for (var i = 0; i < partCount; i++) {
            var part = parts[i];
            var length = part.readableBytes();
            transform(part, part.readerIndex(), out, end, length);
            end += length;
        }
        if (!finished()) {
            throw refused("the end of a message");
        }
        if (libcrypto.cipherControl(context, Libcrypto.AEAD_GET_TAG, TAG_LENGTH, control.at(TAG))
                != 1) {
            throw refused("to tell the tag");
        }
        out.setLongLE(end, control.bytes().getLong(TAG));
        out.setLongLE(end + Long.BYTES, control.bytes().getLong(TAG + Long.BYTES));
        out.writerIndex(end + TAG_LENGTH);
    }

    @Override
    public boolean open(long nonce, byte[] associatedData, ByteBuf buffer, int index, int length) {
        Bounds.checkOpen(buffer, index, length);
        begin(nonce, associatedData, OPEN);
        if (length < TAG_LENGTH) {
            return false;
        }
        var end = index + length - TAG_LENGTH;
        transform(buffer, index, buffer, index, length - TAG_LENGTH);
        control.bytes().putLong(TAG, buffer.getLongLE(end));
        control.bytes().putLong(TAG + Long.BYTES, buffer.getLongLE(end + Long.BYTES));
        if (libcrypto.cipherControl(context, Libcrypto.AEAD_SET_TAG, TAG_LENGTH, control.at(TAG))
                != 1) {
            throw refused("a tag");
        }
        if (finished()) {
            return true;
        }
        libcrypto.clearError();
        return false;
    }

    private void begin(long nonce, byte[] associatedData, int direction) {
        if (context == 0) {
            throw new IllegalStateException("the key is closed");
        }
        control.bytes().putLong(COUNTER, nonce);
        if (libcrypto.cipherInit(context, 0, 0, control.at(NONCE), direction) != 1) {
            throw refused("a nonce");
        }
        for (var i = 0; i < associatedData.length; i += ASSOCIATED_LENGTH) {
            var length = Math.min(associatedData.length - i, ASSOCIATED_LENGTH);
            control.bytes().put(ASSOCIATED, associatedData, i, length);
            update(0, control.at(ASSOCIATED), length);
        }
    }

    /// Passes `length` bytes through the cipher; `from` and `to` are the same place or apart.
    private void transform(ByteBuf from, int fromIndex, ByteBuf to, int toIndex, int length) {
        if (length == 0) {
            return;
        }
        var source = address(from, fromIndex, length);
        var target = address(to, toIndex, length);
        if (target != 0) {
            if (source == 0) {
                to.setBytes(toIndex, from, fromIndex, length);
            }
            update(target, source == 0 ? target : source, length);
            return;
        }
        if (chunk == null) {
            chunk = new NativeMemory(libcrypto, CHUNK_LENGTH);
        }
        for (var i = 0; i < length; i += CHUNK_LENGTH) {
            var bytes = chunk.bytes().clear().limit(Math.min(length - i, CHUNK_LENGTH));
            from.getBytes(fromIndex + i, bytes);
            update(chunk.at(0), chunk.at(0), bytes.limit());
            to.setBytes(toIndex + i, bytes.flip());
        }
    }

    /// Where the bytes are in C memory, or 0 when they are not there, not in one piece, or nobody says.
    private long address(ByteBuf buffer, int index, int length) {
        if (buffer.hasMemoryAddress()) {
            return buffer.memoryAddress() + index;
        }
        if (buffer.isDirect() && buffer.nioBufferCount() == 1) {
            // Not internalNioBuffer: slices that other threads use may share that one.
            return libcrypto.addressOf(buffer.nioBuffer(index, length));
        }
        return 0;
    }

    private void update(long target, long source, int length) {
        if (libcrypto.cipherUpdate(context, target, control.at(WRITTEN), source, length) != 1) {
            throw refused("a part of a message");
        }
    }

    private boolean finished() {
        return libcrypto.cipherFinal(context, control.at(ASSOCIATED), control.at(WRITTEN)) == 1;
    }

    private IllegalStateException refused(String what) {
        libcrypto.clearError();
        return new IllegalStateException("libcrypto refused " + what);
    }

    @Override
    public void close() {
        if (context == 0) {
            return;
        }
        libcrypto.cipherContextFree(context);
        context = 0;
        control.close();
        if (chunk != null) {
            chunk.close();
        }
        LiveContexts.closed();
    }
}
