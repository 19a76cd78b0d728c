// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.testing;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.function.UnaryOperator;
import network.chiral.edge.libp2p.identity.PublicKey;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

/// Identities of the key types that this node has none of itself, and has to know others by.
public enum ForeignKey {
    RSA {
        @Override
        public Signer make() throws GeneralSecurityException {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            var pair = generator.generateKeyPair();
            return new Signer(
                    new PublicKey.Rsa(pair.getPublic().getEncoded()),
                    message -> sign("SHA256withRSA", pair.getPrivate(), message));
        }
    },
    ECDSA {
        @Override
        public Signer make() throws GeneralSecurityException {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            var pair = generator.generateKeyPair();
            return new Signer(
                    new PublicKey.Ecdsa(pair.getPublic().getEncoded()),
                    message -> sign("SHA256withECDSA", pair.getPrivate(), message));
        }
    },
    SECP256K1 {
        @Override
        public Signer make() {
            var curve = new ECDomainParameters(CustomNamedCurves.getByName("secp256k1"));
            var secret = new BigInteger(250, new SecureRandom()).setBit(0);
            var point = curve.getG().multiply(secret).normalize().getEncoded(true);
            return new Signer(
                    new PublicKey.Secp256k1(point), message -> sign(curve, secret, message));
        }
    };

    /// A public key, and what signs in its name.
    public record Signer(PublicKey key, UnaryOperator<byte[]> signer) {
        public byte[] sign(byte[] message) {
            return signer.apply(message);
        }
    }

    /// A new identity.
    public abstract Signer make() throws GeneralSecurityException;

    private static byte[] sign(String algorithm, java.security.PrivateKey key, byte[] message) {
        try {
            var signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sign(ECDomainParameters curve, BigInteger secret, byte[] message) {
        try {
            var signer = new ECDSASigner();
            signer.init(true, new ECPrivateKeyParameters(secret, curve));
            var rs = signer.generateSignature(MessageDigest.getInstance("SHA-256").digest(message));
            return StandardDSAEncoding.INSTANCE.encode(curve.getN(), rs[0], rs[1]);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
