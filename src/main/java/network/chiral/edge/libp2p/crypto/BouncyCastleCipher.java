// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/// BouncyCastle's ChaCha20-Poly1305: plain Java that works everywhere, a native executable included.
final class BouncyCastleCipher implements JavaAead.Cipher {
    private final KeyParameter key;

    BouncyCastleCipher(byte[] key) {
        this.key = new KeyParameter(key);
    }

    @Override
    public void seal(byte[] nonce, byte[] associatedData, byte[] message, int length) {
        try {
            run(true, nonce, associatedData, message, length);
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("BouncyCastle refused a message", e);
        }
    }

    @Override
    public boolean open(byte[] nonce, byte[] associatedData, byte[] message, int length) {
        try {
            run(false, nonce, associatedData, message, length);
            return true;
        } catch (InvalidCipherTextException _) {
            return false;
        }
    }

    private void run(boolean seal, byte[] nonce, byte[] associatedData, byte[] message, int length)
            throws InvalidCipherTextException {
        // A new object each time: one that is kept refuses to take the nonce it had last.
        var cipher = new ChaCha20Poly1305();
        cipher.init(
                seal, new AEADParameters(key, Aead.TAG_LENGTH * Byte.SIZE, nonce, associatedData));
        var done = cipher.processBytes(message, 0, length, message, 0);
        cipher.doFinal(message, done);
    }
}
