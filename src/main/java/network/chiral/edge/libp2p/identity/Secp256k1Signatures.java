// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

/// Signatures over secp256k1, which the JDK no longer has; by BouncyCastle's lightweight classes.
final class Secp256k1Signatures {
    private Secp256k1Signatures() {}

    /// The curve is made on first use: few peers have such a key.
    private static final class Curve {
        static final ECDomainParameters PARAMETERS =
                new ECDomainParameters(CustomNamedCurves.getByName("secp256k1"));
    }

    static boolean verify(byte[] compressedPoint, byte[] message, byte[] derSignature) {
        try {
            var point = Curve.PARAMETERS.getCurve().decodePoint(compressedPoint);
            BigInteger[] rs =
                    StandardDSAEncoding.INSTANCE.decode(Curve.PARAMETERS.getN(), derSignature);
            var verifier = new ECDSASigner();
            verifier.init(false, new ECPublicKeyParameters(point, Curve.PARAMETERS));
            var hash = MessageDigest.getInstance("SHA-256").digest(message);
            return verifier.verifySignature(hash, rs[0], rs[1]);
        } catch (RuntimeException | IOException | NoSuchAlgorithmException e) {
            return false; // BouncyCastle casts what it decodes: bad DER is any runtime exception
        }
    }
}
