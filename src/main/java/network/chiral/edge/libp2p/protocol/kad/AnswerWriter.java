// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import network.chiral.edge.libp2p.multiformats.ByteWriter;
import network.chiral.edge.libp2p.multiformats.Varint;

/// Puts an answer together from peers that are spelled already, as many as a packet takes.
final class AnswerWriter {
    private final ByteWriter out;

    AnswerWriter(KadType type) {
        out = new ByteWriter(type == KadType.PING ? 8 : 4096);
        Varint.write(1 << 3, out);
        Varint.write(type.number, out);
    }

    /// True where the record still fits.
    boolean record(KadRecord record) {
        return add(KadCodec.RECORD, KadCodec.toBytes(record), Connectedness.NOT_CONNECTED);
    }

    /// Repeats the key of a PUT_VALUE, which rust-libp2p reads.
    void key(byte[] key) {
        add(2, key, Connectedness.NOT_CONNECTED);
    }

    /// True where the peer still fits.
    ///
    /// @param peer from [KadCodec#toBytes]
    boolean closer(byte[] peer, Connectedness connection) {
        return add(KadCodec.CLOSER, peer, connection);
    }

    /// True where the peer still fits.
    boolean provider(byte[] peer, Connectedness connection) {
        return add(KadCodec.PROVIDERS, peer, connection);
    }

    private boolean add(int field, byte[] body, Connectedness connection) {
        int length = body.length + (connection == Connectedness.NOT_CONNECTED ? 0 : 2);
        if (out.size() + 1 + Varint.length(length) + length > KadRequest.MAX_LENGTH) {
            return false;
        }
        Varint.write((long) field << 3 | 2, out);
        Varint.write(length, out);
        out.writeBytes(body);
        if (connection != Connectedness.NOT_CONNECTED) {
            Varint.write((long) KadCodec.CONNECTION << 3, out);
            Varint.write(connection.number, out);
        }
        return true;
    }

    /// Bytes written up to now.
    int size() {
        return out.size();
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
