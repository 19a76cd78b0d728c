// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.identity;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;

/// Signatures of the key types that the JDK verifies: RSA and ECDSA over NIST curves.
final class JcaSignatures {
    private static final int MIN_RSA_BITS = 2048; // go-libp2p core/crypto, MinRsaKeyBits
    private static final int MAX_RSA_BITS = 8192; // the same, maxRsaKeyBits

    private JcaSignatures() {}

    static boolean verifyRsa(byte[] pkix, byte[] message, byte[] signature) {
        try {
            var key =
                    (RSAPublicKey)
                            KeyFactory.getInstance("RSA")
                                    .generatePublic(new X509EncodedKeySpec(pkix));
            int bits = key.getModulus().bitLength();
            if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
                return false;
            }
            var verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static boolean verifyEcdsa(byte[] pkix, byte[] message, byte[] signature) {
        try {
            var verifier = Signature.getInstance("SHA256withECDSA");
            verifier.initVerify(
                    KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(pkix)));
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
