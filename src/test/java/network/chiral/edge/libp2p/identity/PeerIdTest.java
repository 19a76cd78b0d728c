// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.identity;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.multiformats.Multibase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerIdTest {
    // the pair of peer-ids/peer-ids.md, "String representation"
    private static final String BASE58 = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";
    private static final String CID = "bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe";

    @Test
    @Clause({"peer-id-5", "peer-id-6"})
    void readsTheCidOfTheSpecAsTheBase58OfTheSpec() {
        var id = PeerId.parse(CID);

        assertThat(id).hasToString(BASE58).isEqualTo(PeerId.parse(BASE58));
        assertThat(id.toCid()).isEqualTo(CID);
    }

    @Test
    @Clause({"peer-id-5", "peer-id-6"})
    void readsAnInlinedKeyInEachOfItsTexts() {
        var id = peer("alice");
        var cid = Multibase.decode(id.toCid());

        assertThat(PeerId.parse(id.toString())).isEqualTo(id).hasSameHashCodeAs(id);
        assertThat(PeerId.parse(id.toCid())).isEqualTo(id);
        assertThat(PeerId.parse("z" + Multibase.toBase58(cid))).isEqualTo(id);
        assertThat(PeerId.parse(id.toCid().toUpperCase(java.util.Locale.ROOT))).isEqualTo(id);
        assertThat(PeerId.ofBytes(id.bytes())).isEqualTo(id);
    }

    @Test
    @Clause("peer-id-4")
    void hashesAKeyThatIsTooLongToBeInlined() {
        var id = PeerId.of(new PublicKey.Rsa(new byte[294]));

        assertThat(id.bytes()).hasSize(34).startsWith(0x12, 32);
        assertThat(id.toString()).startsWith("Qm");
    }

    @Test
    @Clause("peer-id-4")
    void inlinesAKeyOf42BytesAndNoLongerOne() {
        var inlined = PeerId.of(new PublicKey.Rsa(new byte[38]));
        var hashed = PeerId.of(new PublicKey.Rsa(new byte[39]));

        assertThat(inlined.bytes()).hasSize(44).startsWith(0, 42);
        assertThat(hashed.bytes()).hasSize(34).startsWith(0x12, 32);
    }

    @Test
    void keepsItsBytesToItself() {
        var id = peer("alice");

        id.bytes()[3] ^= 1;

        assertThat(id).isEqualTo(peer("alice"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "Qm",
                "12D3KooW",
                "12D3KooWPpHhpPEt4aTDTKCroU2UATztebnp5bjjBd9Hvu6gcGD0",
                "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5",
                "bafy",
                "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
                "alice"
            })
    @Clause("peer-id-5")
    void refusesATextThatIsNoPeerId(String text) {
        assertThatThrownBy(() -> PeerId.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesRandomTextsAndBytesWithNothingButIllegalArgument() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            var bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            if (bytes.length > 1 && random.nextBoolean()) {
                bytes[0] = random.nextBoolean() ? 0 : (byte) 0x12;
                bytes[1] = (byte) (bytes.length - 2);
            }
            var what = "seed %d, round %d".formatted(seed, round);

            try {
                var id = PeerId.ofBytes(bytes);
                assertThat(PeerId.parse(id.toString())).as(what).isEqualTo(id);
                assertThat(PeerId.parse(id.toCid())).as(what).isEqualTo(id);
            } catch (IllegalArgumentException expected) {
                assertThat(expected).as(what).hasMessageContaining("multihash");
            }
        }
    }
}
