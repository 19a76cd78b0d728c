// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.identity;

import static network.chiral.edge.libp2p.testing.TestKeys.CRYPTO;
import static network.chiral.edge.libp2p.testing.TestKeys.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublicKeyTest {
    private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);
    private static final List<Signed> SIGNED = List.of(ed25519(), rsa(2048), ecdsa(), secp256k1());

    /// A key that was made here, and what it signed.
    record Signed(PublicKey key, byte[] signature) {
        @Override
        public String toString() {
            return key.getClass().getSimpleName();
        }
    }

    static Stream<Signed> signed() {
        return SIGNED.stream();
    }

    @ParameterizedTest
    @MethodSource("signed")
    @Clause({"peer-id-1", "peer-id-2"})
    void verifiesASignatureOfEachKeyType(Signed signed) {
        boolean verified = signed.key().verify(CRYPTO, MESSAGE, signed.signature());

        assertThat(verified).isTrue();
    }

    @ParameterizedTest
    @MethodSource("signed")
    void refusesASignatureOfAnotherMessage(Signed signed) {
        boolean verified = signed.key().verify(CRYPTO, new byte[] {1}, signed.signature());

        assertThat(verified).isFalse();
    }

    @ParameterizedTest
    @MethodSource("signed")
    @Clause("peer-id-3")
    void readsWhatItWrites(Signed signed) throws Exception {
        var read = PublicKey.parse(signed.key().serialized());

        assertThat(read.type()).isEqualTo(signed.key().type());
        assertThat(read.serialized()).isEqualTo(signed.key().serialized());
        assertThat(read.verify(CRYPTO, MESSAGE, signed.signature())).isTrue();
    }

    @ParameterizedTest
    @MethodSource("signed")
    void answersFalseToEverySignatureThatIsNone(Signed signed) {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            var forged = signed.signature().clone();
            int cut = random.nextInt(4) == 0 ? random.nextInt(forged.length) : forged.length;
            forged = java.util.Arrays.copyOf(forged, cut);
            if (cut > 0) {
                forged[random.nextInt(cut)] ^= (byte) (1 << random.nextInt(8));
            }
            var signature = forged;

            assertThatCode(() ->
                            assertThat(signed.key().verify(CRYPTO, MESSAGE, signature)).isFalse())
                    .as("seed %d, round %d: %s", seed, round, HexFormat.of().formatHex(forged))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @MethodSource("signed")
    void answersFalseForDerThatIsNoPairOfNumbers(Signed signed) {
        for (var der : List.of("", "020101", "0500", "3000", "30060401010401ff", "3003020101")) {
            var signature = HexFormat.of().parseHex(der);

            assertThatCode(() ->
                            assertThat(signed.key().verify(CRYPTO, MESSAGE, signature)).isFalse())
                    .as(der)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void answersFalseWhereTheKeyItselfIsRubbish() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            int type = random.nextInt(4);
            var data = SIGNED.get(random.nextInt(4)).key().data().clone();
            data[random.nextInt(data.length)] ^= (byte) (1 + random.nextInt(255));
            var what = "seed %d, round %d, type %d".formatted(seed, round, type);
            try {
                var message = new ProtoWriter().number(1, type).bytes(2, data).toBytes();
                var key = PublicKey.parse(message);
                assertThat(key.verify(CRYPTO, MESSAGE, new byte[64])).as(what).isFalse();
            } catch (MalformedMessage expected) {
                assertThat(expected).as(what).hasMessageContaining("key of");
            }
        }
    }

    @Test
    void refusesAnRsaKeyOfFewerBitsThanGoTakes() {
        var weak = rsa(1024);

        boolean verified = weak.key().verify(CRYPTO, MESSAGE, weak.signature());

        assertThat(verified).isFalse();
    }

    @Test
    @Clause("peer-id-3")
    void refusesUnknownTypesAndMissingData() {
        var unknown = new ProtoWriter().number(1, 9).bytes(2, new byte[32]).toBytes();
        var dataless = new ProtoWriter().number(1, 1).toBytes();
        var typeless = new ProtoWriter().bytes(2, new byte[32]).toBytes();

        for (var message : List.of(unknown, dataless, typeless, new byte[3000])) {
            assertThatThrownBy(() -> PublicKey.parse(message)).isInstanceOf(MalformedMessage.class);
        }
    }

    @Test
    void takesNoTypeForAnotherBecauseItsNumberWasCutTo32Bits() {
        var message = new ProtoWriter().number(1, (1L << 32) + 1).bytes(2, new byte[32]).toBytes();

        assertThatThrownBy(() -> PublicKey.parse(message)).isInstanceOf(MalformedMessage.class);
    }

    private static Signed ed25519() {
        var identity = identity("alice");
        return new Signed(identity.publicKey(), identity.sign(MESSAGE));
    }

    private static Signed rsa(int bits) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            var pair = generator.generateKeyPair();
            var signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(pair.getPrivate());
            signer.update(MESSAGE);
            return new Signed(new PublicKey.Rsa(pair.getPublic().getEncoded()), signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Signed ecdsa() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            var pair = generator.generateKeyPair();
            var signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(pair.getPrivate());
            signer.update(MESSAGE);
            return new Signed(new PublicKey.Ecdsa(pair.getPublic().getEncoded()), signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Signed secp256k1() {
        try {
            var curve = new ECDomainParameters(CustomNamedCurves.getByName("secp256k1"));
            var secret = new java.math.BigInteger(250, new SecureRandom()).setBit(0);
            var point = curve.getG().multiply(secret).normalize().getEncoded(true);
            var signer = new ECDSASigner();
            signer.init(true, new ECPrivateKeyParameters(secret, curve));
            var rs = signer.generateSignature(MessageDigest.getInstance("SHA-256").digest(MESSAGE));
            var der = StandardDSAEncoding.INSTANCE.encode(curve.getN(), rs[0], rs[1]);
            return new Signed(new PublicKey.Secp256k1(point), der);
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
