// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.security.noise;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import network.chiral.edge.libp2p.crypto.Aead;
import network.chiral.edge.libp2p.crypto.CryptoProvider;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

/// The running hash and keys of a handshake (Noise spec, section 5.2 "The SymmetricState object").
final class SymmetricState implements AutoCloseable {
    private static final byte[] PROTOCOL =
            "Noise_XX_25519_ChaChaPoly_SHA256".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EMPTY = {};

    private final CryptoProvider crypto;
    private final MessageDigest sha256;
    private final Mac hmac;
    private byte[] chainingKey = PROTOCOL; // 32 bytes, so it is taken unhashed (5.2, Initialize)
    private byte[] hash = PROTOCOL;
    private @Nullable Aead key;
    private long nonce;

    SymmetricState(CryptoProvider crypto) {
        this.crypto = crypto;
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
            this.hmac = Mac.getInstance("HmacSHA256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        mixHash(EMPTY); // the prologue is empty
    }

    void mixHash(byte[] data) {
        sha256.update(hash);
        hash = sha256.digest(data);
    }

    void mixKey(byte[] secret) {
        var keys = hkdf(secret);
        chainingKey = keys[0];
        close();
        key = crypto.chacha20Poly1305(keys[1]);
        nonce = 0;
    }

    byte[] encryptAndHash(byte[] plain) {
        if (key == null) {
            mixHash(plain);
            return plain;
        }
        ByteBuf[] part = {Unpooled.wrappedBuffer(plain)};
        var sealed = new byte[plain.length + Aead.TAG_LENGTH];
        key.seal(nonce++, hash, part, 1, Unpooled.wrappedBuffer(sealed).writerIndex(0));
        mixHash(sealed);
        return sealed;
    }

    byte[] decryptAndHash(byte[] sealed) throws MalformedMessage {
        if (key == null) {
            mixHash(sealed);
            return sealed;
        }
        var opened = sealed.clone();
        if (!key.open(nonce++, hash, Unpooled.wrappedBuffer(opened), 0, opened.length)) {
            throw new MalformedMessage("a Noise message that does not decrypt");
        }
        mixHash(sealed);
        return Arrays.copyOf(opened, opened.length - Aead.TAG_LENGTH);
    }

    /// The two transport keys, the initiator's sending key first.
    Aead[] split() {
        var keys = hkdf(EMPTY);
        return new Aead[] {crypto.chacha20Poly1305(keys[0]), crypto.chacha20Poly1305(keys[1])};
    }

    private byte[][] hkdf(byte[] secret) {
        var temporary = hmac(chainingKey, secret);
        var first = hmac(temporary, new byte[] {1});
        var second = Arrays.copyOf(first, first.length + 1);
        second[first.length] = 2;
        return new byte[][] {first, hmac(temporary, second)};
    }

    private byte[] hmac(byte[] hmacKey, byte[] data) {
        try {
            hmac.init(new SecretKeySpec(hmacKey, "HmacSHA256"));
            return hmac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key of 32 bytes", e);
        }
    }

    @Override
    public void close() {
        if (key != null) {
            key.close();
            key = null;
        }
    }
}
