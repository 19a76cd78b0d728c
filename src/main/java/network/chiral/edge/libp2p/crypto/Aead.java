// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import io.netty.buffer.ByteBuf;

/// A ChaCha20-Poly1305 key and its reusable context, for one direction of one connection.
///
/// Confined to one thread at a time (the connection's event loop). Closing frees native memory; a
/// closed key answers every call with [IllegalStateException] instead of touching freed memory.
///
/// The nonce is the Noise one: 4 zero bytes, then `nonce` as 8 little-endian bytes (Noise spec, 12.3).
public interface Aead extends AutoCloseable {
    /// Bytes that sealing adds: the Poly1305 tag.
    int TAG_LENGTH = 16;

    byte[] NO_ASSOCIATED_DATA = {};

    /// Seals the readable bytes of `parts[0..partCount)`, in order and as one message, to the end of `out`.
    ///
    /// The parts' indices are not moved. `out` grows by the sum of the parts plus [#TAG_LENGTH] and must
    /// have room for that. The parts must not overlap the written range of `out`. Any kind of buffer is
    /// taken, direct ones are the fast way.
    void seal(long nonce, byte[] associatedData, ByteBuf[] parts, int partCount, ByteBuf out);

    /// Opens the sealed message of `length` bytes (tag included) that begins at `index`, in place.
    ///
    /// On success the first `length - TAG_LENGTH` bytes from `index` are the plain text. On failure
    /// their content is undefined and the answer is `false`: the connection is to be closed. A `length`
    /// below [#TAG_LENGTH] is a failure too. The buffer's indices are neither read nor moved.
    boolean open(long nonce, byte[] associatedData, ByteBuf buffer, int index, int length);

    @Override
    void close();
}
