// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.multiformats;

/// Unsigned LEB128 numbers, as multiformats/unsigned-varint limits them: at most 9 bytes, 63 bits.
public final class Varint {
    /// The longest spelling that multiformats/unsigned-varint allows, in bytes.
    public static final int MAX_LENGTH = 9;

    private Varint() {}

    /// Tells how many bytes `value` takes.
    ///
    /// @param value not negative
    public static int length(long value) {
        return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
    }

    /// Appends `value` to `out`.
    ///
    /// @param value taken as unsigned 64 bit, for protobuf fields that are
    public static void write(long value, ByteWriter out) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /// Spells `value` into `target` from `index` on, and returns the index behind it.
    public static int put(long value, byte[] target, int index) {
        long rest = value;
        int at = index;
        while ((rest & ~0x7FL) != 0) {
            target[at++] = (byte) (rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        target[at++] = (byte) rest;
        return at;
    }
}
