// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.security.noise;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import network.chiral.edge.libp2p.identity.PublicKey;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoReader;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.jspecify.annotations.Nullable;

/// What each side says about itself inside the handshake: `NoiseHandshakePayload`.
///
/// @param identityKey whose static key this is
/// @param signature by the identity key over `noise-libp2p-static-key:` and the static key
/// @param muxers stream multiplexers the sender offers, best first; empty where it sent no extensions
record NoisePayload(PublicKey identityKey, byte[] signature, List<String> muxers) {
    private static final byte[] SIGNATURE_PREFIX =
            "noise-libp2p-static-key:".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_MUXERS = 16;

    static byte[] signedBytes(byte[] staticKey) {
        var bytes = new byte[SIGNATURE_PREFIX.length + staticKey.length];
        System.arraycopy(SIGNATURE_PREFIX, 0, bytes, 0, SIGNATURE_PREFIX.length);
        System.arraycopy(staticKey, 0, bytes, SIGNATURE_PREFIX.length, staticKey.length);
        return bytes;
    }

    byte[] toBytes() {
        var extensions = new ProtoWriter();
        muxers.forEach(muxer -> extensions.text(2, muxer));
        return new ProtoWriter()
                .bytes(1, identityKey.serialized())
                .bytes(2, signature)
                .message(4, extensions)
                .toBytes();
    }

    static NoisePayload parse(byte[] message) throws MalformedMessage {
        byte @Nullable [] key = null;
        byte[] signature = {};
        var muxers = new ArrayList<String>();
        var in = new ProtoReader(message);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> key = in.bytes();
                case 2 -> signature = in.bytes();
                case 4 -> {
                    var extensions = new ProtoReader(in.bytes());
                    while (extensions.next()) {
                        if (extensions.field() == 2 && muxers.size() < MAX_MUXERS) {
                            muxers.add(extensions.text());
                        } else {
                            extensions.skip();
                        }
                    }
                }
                default -> in.skip();
            }
        }
        if (key == null) {
            throw new MalformedMessage("a Noise payload without an identity key");
        }
        return new NoisePayload(PublicKey.parse(key), signature, List.copyOf(muxers));
    }
}
