// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.identity;

import static network.chiral.edge.libp2p.testing.TestKeys.CRYPTO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityTest {
    private static final Identity ALICE = Identity.ofSecret(CRYPTO, "alice");

    @ParameterizedTest
    @CsvSource({
        "test-secret-1, 12D3KooWPpHhpPEt4aTDTKCroU2UATztebnp5bjjBd9Hvu6gcGD4",
        "'', 12D3KooWNeFQq6UZ8meyknx3sH7CGZUsJsSNntzRsDuFTdAwpDBP",
        "émoji🔑, 12D3KooWRr8JqtEPj97h1W4WnLfjAhBpmr7dVE5NLvjQDRjimvjD",
        "stable relay secret, 12D3KooWK6Kz6eLVrhzkEXF8unS8ieL7vsPufdz7UybSGfL3ZM7X",
    })
    void derivesThePeerIdThatChiralDerivesFromASecret(String secret, String peerId) {
        var identity = Identity.ofSecret(CRYPTO, secret);

        assertThat(identity.peerId()).hasToString(peerId);
    }

    @Test
    @Clause("peer-id-8")
    void makesThePublicKeyOfTheSpecOutOfItsPrivateKey() throws Exception {
        var hex = java.util.HexFormat.of();
        var identity =
                Identity.ofPrivateKey(
                        CRYPTO,
                        hex.parseHex(
                                "080112407e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d"
                                        + "1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e"));

        assertThat(hex.formatHex(identity.publicKey().serialized()))
                .isEqualTo(
                        "080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e");
    }

    @Test
    @Clause("peer-id-7")
    void spellsItsPrivateKeyIn68BytesBehindTheHeaderThatRustWrites() {
        var message = ALICE.privateKey();

        assertThat(message).hasSize(68).startsWith(HexFormat.of().parseHex("08011240"));
        assertThat(Arrays.copyOfRange(message, 36, 68)).isEqualTo(ALICE.publicKey().data());
    }

    @Test
    void isTheSameAfterItsPrivateKeyWasWrittenAndRead() throws Exception {
        var read = Identity.ofPrivateKey(CRYPTO, ALICE.privateKey());

        assertThat(read.peerId()).isEqualTo(ALICE.peerId());
        assertThat(read.privateKey()).isEqualTo(ALICE.privateKey());
    }

    @Test
    @Clause("peer-id-7")
    void readsTheOldFormThatRepeatsThePublicKey() throws Exception {
        var data = Arrays.copyOfRange(ALICE.privateKey(), 4, 68 + 32);
        System.arraycopy(data, 32, data, 64, 32);
        var message = new ProtoWriter().number(1, 1).bytes(2, data).toBytes();

        var read = Identity.ofPrivateKey(CRYPTO, message);

        assertThat(read.peerId()).isEqualTo(ALICE.peerId());
    }

    @Test
    void refusesAPrivateKeyWithTheWrongPublicHalf() {
        var message = ALICE.privateKey();
        message[67] ^= 1;

        assertThatThrownBy(() -> Identity.ofPrivateKey(CRYPTO, message))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("does not belong");
    }

    @Test
    void refusesEveryCutOfAPrivateKeyWithTheSameKindOfFault() {
        var whole = ALICE.privateKey();

        for (int length = 0; length < whole.length; length++) {
            var cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Identity.ofPrivateKey(CRYPTO, cut))
                    .as("%d bytes", length)
                    .isInstanceOf(MalformedMessage.class);
        }
    }

    @Test
    void refusesAPrivateKeyOfAnotherType() {
        var rsa = new ProtoWriter().number(1, 0).bytes(2, new byte[64]).toBytes();

        assertThatThrownBy(() -> Identity.ofPrivateKey(CRYPTO, rsa))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    void refusesASeedOfAnotherLength() {
        assertThatThrownBy(() -> Identity.ofSeed(CRYPTO, new byte[31]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("31");
    }

    @Test
    void signsWhatItsPublicKeyVerifies() {
        var message = "hello".getBytes(StandardCharsets.UTF_8);

        var signature = ALICE.sign(message);

        assertThat(ALICE.publicKey().verify(CRYPTO, message, signature)).isTrue();
        assertThat(ALICE.publicKey().verify(CRYPTO, new byte[5], signature)).isFalse();
    }

    @Test
    void namesItselfWithoutItsKey() {
        assertThat(ALICE).hasToString("Identity[" + ALICE.peerId() + "]");
    }

    @Test
    void isAnotherEachTimeItIsRandom() {
        var one = Identity.random(CRYPTO);
        var other = Identity.random(CRYPTO);

        assertThat(one.peerId()).isNotEqualTo(other.peerId());
    }
}
