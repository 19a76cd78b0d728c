// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Many keys out of one secret: HKDF with HMAC-SHA-256 (RFC 5869).
public final class Hkdf {
    private static final String HMAC = "HmacSHA256";
    private static final int HASH_LENGTH = 32;

    /// What one counter of a byte allows (RFC 5869, section 2.3).
    private static final int MAX_LENGTH = 255 * HASH_LENGTH;

    private Hkdf() {}

    /// Extracts and expands.
    ///
    /// @param salt may be empty, which is as good as 32 zeros
    /// @param info what the key is for; another text gives an unrelated key
    /// @param length in bytes, 1 to 8,160
    public static byte[] derive(byte[] secret, byte[] salt, byte[] info, int length) {
        if (length < 1 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("HKDF gives 1 to 8,160 bytes, not " + length);
        }
        var extracted = hmac(salt.length == 0 ? new byte[HASH_LENGTH] : salt, secret);
        var out = new byte[length];
        var block = new byte[0];
        for (int done = 0, number = 1; done < length; done += HASH_LENGTH, number++) {
            var input = Arrays.copyOf(block, block.length + info.length + 1);
            System.arraycopy(info, 0, input, block.length, info.length);
            input[input.length - 1] = (byte) number;
            block = hmac(extracted, input);
            System.arraycopy(block, 0, out, done, Math.min(HASH_LENGTH, length - done));
        }
        return out;
    }

    private static byte[] hmac(byte[] key, byte[] data) {
        try {
            var mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }
}
