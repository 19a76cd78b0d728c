// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A block of C memory, for what libcrypto reads and writes by address; wiped when it is closed.
///
/// The owner sees to it that nothing is called after [#close()]: there is no check on the way.
final class NativeMemory implements AutoCloseable {
    private final Libcrypto libcrypto;
    private final long address;
    private final ByteBuffer bytes;

    NativeMemory(Libcrypto libcrypto, int length) {
        this.libcrypto = libcrypto;
        address = Libcrypto.allocated(libcrypto.allocate(length));
        bytes = libcrypto.view(address, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    long at(int offset) {
        return address + offset;
    }

    /// The same memory as a little-endian buffer.
    ByteBuffer bytes() {
        return bytes;
    }

    NativeMemory put(int offset, byte[] source) {
        bytes.put(offset, source);
        return this;
    }

    byte[] get(int offset, int length) {
        var copy = new byte[length];
        bytes.get(offset, copy);
        return copy;
    }

    @Override
    public void close() {
        libcrypto.free(address, bytes.capacity());
    }
}
