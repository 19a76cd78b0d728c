// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.wire;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads the fields of one protobuf message, in whatever order they come.
///
/// ```
/// while (in.next()) {
///     switch (in.field()) {
///         case 1 -> type = in.number();
///         case 2 -> peer = in.bytes();
///         default -> in.skip();
///     }
/// }
/// ```
public final class ProtoReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final byte[] source;
    private int at;
    private int field;
    private int wireType;

    public ProtoReader(byte[] message) {
        this.source = message;
    }

    /// Steps to the next field; false at the end of the message.
    public boolean next() throws MalformedMessage {
        if (at == source.length) {
            return false;
        }
        long tag = varint();
        if (tag >>> 3 == 0 || tag >>> 3 > 0x1FFF_FFFF) {
            throw new MalformedMessage("field number " + (tag >>> 3));
        }
        field = (int) (tag >>> 3);
        wireType = (int) (tag & 7);
        return true;
    }

    /// The number of the field that [#next] stepped to.
    public int field() {
        return field;
    }

    /// The value of a varint field, as unsigned 64 bit.
    public long number() throws MalformedMessage {
        expect(VARINT);
        return varint();
    }

    /// The value of a fixed64 field, little-endian as protobuf spells it.
    public long fixed64() throws MalformedMessage {
        expect(FIXED64);
        need(8);
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | source[at + i] & 0xFF;
        }
        at += 8;
        return value;
    }

    /// The value of a bytes or message field.
    public byte[] bytes() throws MalformedMessage {
        expect(LENGTH_DELIMITED);
        int length = length();
        var value = Arrays.copyOfRange(source, at, at + length);
        at += length;
        return value;
    }

    /// The value of a string field.
    public String text() throws MalformedMessage {
        int start = at;
        expect(LENGTH_DELIMITED);
        int length = length();
        if (isAscii(length)) { // which nearly all text here is
            at += length;
            return new String(source, at - length, length, StandardCharsets.ISO_8859_1);
        }
        at = start;
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(bytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedMessage("field " + field + " is not UTF-8", e);
        }
    }

    private boolean isAscii(int length) {
        for (int i = at; i < at + length; i++) {
            if (source[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /// Passes over a field that is not known.
    public void skip() throws MalformedMessage {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> forward(8);
            case LENGTH_DELIMITED -> forward(length());
            case FIXED32 -> forward(4);
            default -> throw new MalformedMessage("wire type " + wireType);
        }
    }

    private void expect(int type) throws MalformedMessage {
        if (wireType != type) {
            throw new MalformedMessage("field " + field + " has wire type " + wireType);
        }
    }

    private int length() throws MalformedMessage {
        long length = varint();
        if (length < 0 || length > source.length - at) {
            throw new MalformedMessage("field " + field + " is longer than its message");
        }
        return (int) length;
    }

    private void forward(int count) throws MalformedMessage {
        need(count);
        at += count;
    }

    private void need(int count) throws MalformedMessage {
        if (count > source.length - at) {
            throw new MalformedMessage("the message ends inside field " + field);
        }
    }

    private long varint() throws MalformedMessage {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            need(1);
            byte next = source[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedMessage("a number of more than 10 bytes");
    }
}
