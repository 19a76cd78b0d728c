// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.interop;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import network.chiral.edge.libp2p.identity.PeerId;

/// HOP messages byte by byte, with their length in front, as `rawHop` takes them.
final class HopBytes {
    private static final HexFormat HEX = HexFormat.of();

    private HopBytes() {}

    /// `{ type: CONNECT, peer: { id } }`
    static String connect(String peer) {
        var id = PeerId.parse(peer).bytes();
        var message = new ByteArrayOutputStream();
        message.writeBytes(new byte[] {0x08, 1, 0x12, (byte) (id.length + 2), 0x0a});
        message.write(id.length);
        message.writeBytes(id);
        return prefixed(message.toByteArray());
    }

    /// `{ type: STATUS }`, which only a relay may say.
    static String status() {
        return prefixed(new byte[] {0x08, 2});
    }

    /// A field whose length is beyond the message.
    static String malformed() {
        return prefixed(new byte[] {0x12, 0x7f, 1, 2, 3});
    }

    static String ofLength(int length) {
        return prefixed(new byte[length]);
    }

    /// How a reply ends that carries this status: field 5, a varint.
    static String statusField(int code) {
        return "28" + HEX.formatHex(varint(code));
    }

    private static String prefixed(byte[] message) {
        return HEX.formatHex(varint(message.length)) + HEX.formatHex(message);
    }

    private static byte[] varint(int number) {
        var out = new ByteArrayOutputStream();
        int left = number;
        while (left >= 0x80) {
            out.write(left & 0x7f | 0x80);
            left >>>= 7;
        }
        out.write(left);
        return out.toByteArray();
    }
}
