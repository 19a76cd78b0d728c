// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.wire;

import java.nio.charset.StandardCharsets;
import network.chiral.edge.libp2p.multiformats.ByteWriter;
import network.chiral.edge.libp2p.multiformats.Varint;

/// Writes the fields of one protobuf message, in the order of the calls.
public final class ProtoWriter {
    private final ByteWriter out = new ByteWriter(64);

    public ProtoWriter number(int field, long value) {
        Varint.write((long) field << 3, out);
        Varint.write(value, out);
        return this;
    }

    /// Little-endian, as protobuf spells it.
    public ProtoWriter fixed64(int field, long value) {
        Varint.write((long) field << 3 | 1, out);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            out.write((int) (value >>> shift));
        }
        return this;
    }

    public ProtoWriter bytes(int field, byte[] value) {
        Varint.write((long) field << 3 | 2, out);
        Varint.write(value.length, out);
        out.writeBytes(value);
        return this;
    }

    public ProtoWriter text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    public ProtoWriter message(int field, ProtoWriter value) {
        return bytes(field, value.toBytes());
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }
}
