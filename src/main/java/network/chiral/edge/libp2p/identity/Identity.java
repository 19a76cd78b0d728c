// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.crypto.Ed25519Signer;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoReader;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.jspecify.annotations.Nullable;

/// This node's own Ed25519 key, and the peer id that follows from it.
public final class Identity {
    private static final int ED25519 = 1;

    private final byte[] seed;
    private final Ed25519Signer signer;
    private final PublicKey publicKey;
    private final PeerId peerId;

    private Identity(CryptoProvider crypto, byte[] seed) {
        this.seed = seed.clone();
        this.signer = crypto.ed25519Signer(seed);
        this.publicKey = new PublicKey.Ed25519(signer.publicKey());
        this.peerId = PeerId.of(publicKey);
    }

    /// Makes a new key.
    public static Identity random(CryptoProvider crypto) {
        var seed = new byte[32];
        new SecureRandom().nextBytes(seed);
        return new Identity(crypto, seed);
    }

    /// Takes an Ed25519 seed.
    ///
    /// @param seed 32 bytes
    public static Identity ofSeed(CryptoProvider crypto, byte[] seed) {
        if (seed.length != 32) {
            throw new IllegalArgumentException("an Ed25519 seed has 32 bytes, not " + seed.length);
        }
        return new Identity(crypto, seed);
    }

    /// Derives the key from a secret text as Chiral does: its SHA-256 is the seed.
    public static Identity ofSecret(CryptoProvider crypto, String secret) {
        try {
            var seed =
                    MessageDigest.getInstance("SHA-256")
                            .digest(secret.getBytes(StandardCharsets.UTF_8));
            return new Identity(crypto, seed);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Reads a libp2p private key: the message `PrivateKey { 1 type; 2 data }`, where the data of an
    /// Ed25519 key is seed and public key (64 bytes; 68 with the message around it).
    ///
    /// @throws MalformedMessage for anything else, and where seed and public key do not fit together
    public static Identity ofPrivateKey(CryptoProvider crypto, byte[] message)
            throws MalformedMessage {
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
        if (type != ED25519 || data == null) {
            throw new MalformedMessage("it is no Ed25519 private key (key type " + type + ")");
        }
        if (data.length != 64 && data.length != 96) { // 96: public key twice, before go-libp2p 0.1
            throw new MalformedMessage("an Ed25519 private key of " + data.length + " bytes");
        }
        var identity = new Identity(crypto, Arrays.copyOf(data, 32));
        if (!Arrays.equals(identity.publicKey.data(), Arrays.copyOfRange(data, 32, 64))) {
            throw new MalformedMessage("its public key does not belong to its private key");
        }
        return identity;
    }

    /// The key as the message that [#ofPrivateKey] reads: 68 bytes.
    public byte[] privateKey() {
        var data = Arrays.copyOf(seed, 64);
        System.arraycopy(publicKey.data(), 0, data, 32, 32);
        return new ProtoWriter().number(1, ED25519).bytes(2, data).toBytes();
    }

    public PeerId peerId() {
        return peerId;
    }

    public PublicKey publicKey() {
        return publicKey;
    }

    /// Signs `message`: 64 bytes.
    public byte[] sign(byte[] message) {
        return signer.sign(message);
    }

    /// Names the peer id, never the key.
    @Override
    public String toString() {
        return "Identity[" + peerId + "]";
    }
}
