// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.negotiation;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

/// One line of multistream-select: a varint length, the text, and a line feed that the length counts.
final class MultistreamLine {
    static final String HEADER = "/multistream/1.0.0";
    static final String NOT_AVAILABLE = "na";

    /// Longest line taken, line feed included (go-multistream's limit is 1,024 too).
    static final int MAX_LENGTH = 1024;

    private MultistreamLine() {}

    static void write(String text, ByteBuf out) {
        int length = text.length() + 1;
        if (length < 0x80) {
            out.writeByte(length);
        } else {
            out.writeByte(length & 0x7F | 0x80).writeByte(length >> 7);
        }
        out.writeCharSequence(text, StandardCharsets.UTF_8);
        out.writeByte('\n');
    }

    /// Takes one line from `in`, or returns null and leaves `in` as it is where the line is not whole.
    static @Nullable String read(ByteBuf in) throws MalformedMessage {
        int start = in.readerIndex();
        int readable = in.readableBytes();
        if (readable == 0) {
            return null;
        }
        int length = in.getByte(start);
        int prefix = 1;
        if (length < 0) {
            if (readable == 1) {
                return null;
            }
            int high = in.getByte(start + 1);
            length = length & 0x7F | high << 7;
            prefix = 2;
            if (high < 0) {
                throw new MalformedMessage("a multistream line of more than 16,383 bytes");
            }
        }
        if (length == 0 || length > MAX_LENGTH) {
            throw new MalformedMessage("a multistream line of " + length + " bytes");
        }
        if (readable < prefix + length) {
            return null;
        }
        if (in.getByte(start + prefix + length - 1) != '\n') {
            throw new MalformedMessage("a multistream line without a line feed at its end");
        }
        var text = in.toString(start + prefix, length - 1, StandardCharsets.UTF_8);
        in.readerIndex(start + prefix + length);
        return text;
    }
}
