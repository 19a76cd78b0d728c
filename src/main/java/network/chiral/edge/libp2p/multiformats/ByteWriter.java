// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.multiformats;

import java.util.Arrays;

/// Bytes that are written one behind the other, for one thread.
///
/// A `ByteArrayOutputStream` locks itself for each byte, and in a native executable the first lock makes
/// a monitor, which takes longer than a short message.
public final class ByteWriter {
    private byte[] bytes;
    private int size;

    /// @param capacity bytes to make room for; more may follow
    public ByteWriter(int capacity) {
        bytes = new byte[capacity];
    }

    /// Appends the lowest eight bits.
    public void write(int value) {
        makeRoom(1);
        bytes[size++] = (byte) value;
    }

    public void writeBytes(byte[] all) {
        makeRoom(all.length);
        System.arraycopy(all, 0, bytes, size, all.length);
        size += all.length;
    }

    private void makeRoom(int count) {
        if (bytes.length - size < count) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + count));
        }
    }

    /// Bytes written up to now.
    public int size() {
        return size;
    }

    /// What was written; a copy.
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }
}
