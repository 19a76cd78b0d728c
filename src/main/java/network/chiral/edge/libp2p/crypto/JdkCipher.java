// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The JDK's ChaCha20-Poly1305: fast on HotSpot, which has machine code for it, and slow elsewhere.
final class JdkCipher implements JavaAead.Cipher {
    private final SecretKeySpec key;
    private Cipher cipher = newCipher();
    private byte[] lastNonce = {};

    JdkCipher(byte[] key) {
        this.key = new SecretKeySpec(key, "ChaCha20");
    }

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance("ChaCha20-Poly1305");
        } catch (GeneralSecurityException e) {
            throw new UnsupportedOperationException("the JDK has no ChaCha20-Poly1305", e);
        }
    }

    @Override
    public void seal(byte[] nonce, byte[] associatedData, byte[] message, int length) {
        try {
            begin(Cipher.ENCRYPT_MODE, nonce, associatedData);
            cipher.doFinal(message, 0, length, message, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK's cipher refused a message", e);
        }
    }

    @Override
    public boolean open(byte[] nonce, byte[] associatedData, byte[] message, int length) {
        try {
            begin(Cipher.DECRYPT_MODE, nonce, associatedData);
            cipher.doFinal(message, 0, length, message, 0);
            return true;
        } catch (AEADBadTagException _) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK's cipher refused a message", e);
        }
    }

    private void begin(int mode, byte[] nonce, byte[] associatedData)
            throws GeneralSecurityException {
        // A cipher object takes no nonce twice in a row, not even to open the same message again.
        if (Arrays.equals(nonce, lastNonce)) {
            cipher = newCipher();
        }
        lastNonce = nonce;
        cipher.init(mode, key, new IvParameterSpec(nonce));
        cipher.updateAAD(associatedData);
    }
}
