// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.identity;

import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoReader;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.jspecify.annotations.Nullable;

/// A remote's public key, of one of the four types of peer-ids/peer-ids.md.
public sealed interface PublicKey {
    /// More than an RSA key of 8,192 bits takes.
    int MAX_LENGTH = 2048;

    /// The type's number in the message `PublicKey`.
    int type();

    /// The key in its own spelling, as field 2 carries it.
    byte[] data();

    /// Tells whether `signature` of `message` was made by this key; false for malformed input too.
    boolean verify(CryptoProvider crypto, byte[] message, byte[] signature);

    /// The message `PublicKey { 1 type; 2 data }` in its deterministic spelling.
    default byte[] serialized() {
        return new ProtoWriter().number(1, type()).bytes(2, data()).toBytes();
    }

    /// Reads the message `PublicKey`.
    static PublicKey parse(byte[] message) throws MalformedMessage {
        if (message.length > MAX_LENGTH) {
            throw new MalformedMessage("a public key of " + message.length + " bytes");
        }
        long type = -1;
        byte @Nullable [] data = null;
        var in = new ProtoReader(message);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> type = in.number();
                case 2 -> data = in.bytes();
                default -> in.skip();
            }
        }
        if (data == null) {
            throw new MalformedMessage("a public key without data");
        }
        return switch (Math.clamp(type, -1, Integer.MAX_VALUE)) {
            case 0 -> new Rsa(data);
            case 1 -> Ed25519.checked(data);
            case 2 -> Secp256k1.checked(data);
            case 3 -> new Ecdsa(data);
            default -> throw new MalformedMessage("a public key of type " + type);
        };
    }

    /// RSA PKCS #1 v1.5 with SHA-256; data is a PKIX structure. Keys of 2,048 to 8,192 bits are taken.
    record Rsa(byte[] data) implements PublicKey {
        @Override
        public int type() {
            return 0;
        }

        @Override
        public boolean verify(CryptoProvider crypto, byte[] message, byte[] signature) {
            return JcaSignatures.verifyRsa(data, message, signature);
        }
    }

    /// Ed25519 (RFC 8032); data is the 32-byte point.
    record Ed25519(byte[] data) implements PublicKey {
        static Ed25519 checked(byte[] data) throws MalformedMessage {
            if (data.length != 32) {
                throw new MalformedMessage("an Ed25519 key of " + data.length + " bytes");
            }
            return new Ed25519(data);
        }

        @Override
        public int type() {
            return 1;
        }

        @Override
        public boolean verify(CryptoProvider crypto, byte[] message, byte[] signature) {
            return crypto.ed25519Verify(data, message, signature);
        }
    }

    /// ECDSA over secp256k1 with SHA-256 and DER signatures; data is the 33-byte compressed point.
    record Secp256k1(byte[] data) implements PublicKey {
        static Secp256k1 checked(byte[] data) throws MalformedMessage {
            if (data.length != 33) {
                throw new MalformedMessage("a secp256k1 key of " + data.length + " bytes");
            }
            return new Secp256k1(data);
        }

        @Override
        public int type() {
            return 2;
        }

        @Override
        public boolean verify(CryptoProvider crypto, byte[] message, byte[] signature) {
            return Secp256k1Signatures.verify(data, message, signature);
        }
    }

    /// ECDSA over a NIST curve with SHA-256 and DER signatures; data is a PKIX structure.
    record Ecdsa(byte[] data) implements PublicKey {
        @Override
        public int type() {
            return 3;
        }

        @Override
        public boolean verify(CryptoProvider crypto, byte[] message, byte[] signature) {
            return JcaSignatures.verifyEcdsa(data, message, signature);
        }
    }
}
