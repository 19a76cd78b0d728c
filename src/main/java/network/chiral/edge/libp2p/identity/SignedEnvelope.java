// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.identity;

import java.nio.charset.StandardCharsets;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.multiformats.ByteWriter;
import network.chiral.edge.libp2p.multiformats.Varint;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoReader;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.jspecify.annotations.Nullable;

/// A payload with the signature of the peer that vouches for it (libp2p RFC 0002).
///
/// @param publicKey who signed
/// @param payloadType what the payload is, in bytes
/// @param payload what was signed, together with the domain and the type
/// @param signature over domain, type and payload, each with its length before it
public record SignedEnvelope(
        PublicKey publicKey, byte[] payloadType, byte[] payload, byte[] signature) {

    /// Signs `payload` for `domain`.
    public static SignedEnvelope seal(
            Identity identity, String domain, byte[] payloadType, byte[] payload) {
        var signature = identity.sign(signedBytes(domain, payloadType, payload));
        return new SignedEnvelope(identity.publicKey(), payloadType, payload, signature);
    }

    /// Tells whether the signature is right for `domain`.
    public boolean verify(CryptoProvider crypto, String domain) {
        return publicKey.verify(crypto, signedBytes(domain, payloadType, payload), signature);
    }

    /// Spells the message `Envelope { 1 public_key; 2 payload_type; 3 payload; 5 signature }`.
    public byte[] toBytes() {
        return new ProtoWriter()
                .bytes(1, publicKey.serialized())
                .bytes(2, payloadType)
                .bytes(3, payload)
                .bytes(5, signature)
                .toBytes();
    }

    /// Reads the message `Envelope`. Nothing is verified yet.
    public static SignedEnvelope parse(byte[] message) throws MalformedMessage {
        byte @Nullable [] key = null;
        byte[] type = {};
        byte[] payload = {};
        byte[] signature = {};
        var in = new ProtoReader(message);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> key = in.bytes();
                case 2 -> type = in.bytes();
                case 3 -> payload = in.bytes();
                case 5 -> signature = in.bytes();
                default -> in.skip();
            }
        }
        if (key == null) {
            throw new MalformedMessage("an envelope without a public key");
        }
        return new SignedEnvelope(PublicKey.parse(key), type, payload, signature);
    }

    private static byte[] signedBytes(String domain, byte[] payloadType, byte[] payload) {
        var out = new ByteWriter(256);
        for (var part :
                new byte[][] {domain.getBytes(StandardCharsets.UTF_8), payloadType, payload}) {
            Varint.write(part.length, out);
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
