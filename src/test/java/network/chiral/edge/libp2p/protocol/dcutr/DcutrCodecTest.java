// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.dcutr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.junit.jupiter.api.Test;

class DcutrCodecTest {
    private static final Multiaddr HOME = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");

    @Test
    @Clause("dcutr-12")
    void spellsMessagesAsTheOthersDo() {
        var connect = DcutrCodec.toBytes(new DcutrMessage.Connect(List.of(HOME)));
        var sync = DcutrCodec.toBytes(new DcutrMessage.Sync());

        assertThat(HexFormat.of().formatHex(connect)).isEqualTo("08641208" + "04c0000201060fa1");
        assertThat(HexFormat.of().formatHex(sync)).isEqualTo("08ac02");
    }

    @Test
    void readsWhatItSpells() throws Exception {
        var connect = new DcutrMessage.Connect(List.of(HOME, HOME));

        assertThat(DcutrCodec.parse(DcutrCodec.toBytes(connect))).isEqualTo(connect);
        assertThat(DcutrCodec.parse(DcutrCodec.toBytes(new DcutrMessage.Sync())))
                .isEqualTo(new DcutrMessage.Sync());
    }

    @Test
    void passesOverAddressesThatItDoesNotKnow() throws Exception {
        var message =
                new ProtoWriter()
                        .number(1, 100)
                        .bytes(2, new byte[] {-1, -1, 1})
                        .bytes(2, HOME.bytes())
                        .toBytes();

        assertThat(DcutrCodec.parse(message)).isEqualTo(new DcutrMessage.Connect(List.of(HOME)));
    }

    @Test
    void takesBoundedlyManyAddresses() throws Exception {
        var message = new ProtoWriter().number(1, 100);
        IntStream.range(0, 400).forEach(_ -> message.bytes(2, HOME.bytes()));

        var read = (DcutrMessage.Connect) DcutrCodec.parse(message.toBytes());

        assertThat(read.addresses()).hasSize(DcutrCodec.MAX_ADDRESSES);
    }

    @Test
    void refusesOtherTypes() {
        assertThatThrownBy(() -> DcutrCodec.parse(new byte[] {8, 1}))
                .isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(() -> DcutrCodec.parse(new byte[0]))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    void throwsNothingElseForRandomBytes() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            var bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            try {
                assertThat(DcutrCodec.parse(bytes)).isNotNull();
            } catch (MalformedMessage e) {
                assertThat(e).hasMessageMatching(".+");
            }
        }
    }
}
