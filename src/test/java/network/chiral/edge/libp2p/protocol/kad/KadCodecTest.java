// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.kad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.testing.TestKeys;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.junit.jupiter.api.Test;

class KadCodecTest {
    private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    @Clause("kad-fields")
    void spellsAQuestionAsTheSpecificationNumbersIt() {
        var bytes = KadCodec.toBytes(new KadRequest.FindNode(text("ab")));

        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("0804" + "12026162");
    }

    @Test
    @Clause("kad-record-fields")
    void readsPublisherAndLifetimeFromTheFieldsOfRust() throws Exception {
        var record =
                new ProtoWriter()
                        .bytes(1, text("key"))
                        .bytes(2, text("value"))
                        .bytes(666, TestKeys.peer("publisher").bytes())
                        .number(777, 1_320);
        var message = new ProtoWriter().number(1, 0).bytes(2, text("key")).message(3, record);

        var request = KadCodec.parseRequest(message.toBytes());

        var put = ((KadRequest.PutValue) request).record();
        assertThat(put.publisher()).contains(TestKeys.peer("publisher"));
        assertThat(put.lifetimeSeconds()).isEqualTo(1_320);
        assertThat(put.value()).isEqualTo(text("value"));
    }

    @Test
    void takesTheKeyOfTheMessageForARecordWithout() throws Exception {
        var message =
                new ProtoWriter()
                        .number(1, 0)
                        .bytes(2, text("key"))
                        .message(3, new ProtoWriter().bytes(2, text("value")));

        var request = KadCodec.parseRequest(message.toBytes());

        assertThat(((KadRequest.PutValue) request).record().key()).isEqualTo(text("key"));
    }

    @Test
    @Clause("kad-put-keys")
    void refusesARecordUnderAnotherKeyThanTheMessages() {
        var message =
                new ProtoWriter()
                        .number(1, 0)
                        .bytes(2, text("key"))
                        .message(3, new ProtoWriter().bytes(1, text("other")));

        assertThatThrownBy(() -> KadCodec.parseRequest(message.toBytes()))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    void refusesAPutWithoutARecordAndAnUnknownType() {
        var empty = new byte[0];
        var unknown = new ProtoWriter().number(1, 6).toBytes();

        assertThatThrownBy(() -> KadCodec.parseRequest(empty)).isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(() -> KadCodec.parseRequest(unknown))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    @Clause("K7")
    void keepsAnyBytesAsAKey() throws Exception {
        var key = new byte[] {0, (byte) 0xFF, (byte) 0x80, 0};

        var request = KadCodec.parseRequest(KadCodec.toBytes(new KadRequest.GetValue(key)));

        assertThat(((KadRequest.GetValue) request).key()).isEqualTo(key);
    }

    @Test
    void leavesOutWhatItCannotReadOfAPeer() throws Exception {
        var good =
                new ProtoWriter()
                        .bytes(1, TestKeys.peer("good").bytes())
                        .bytes(2, new byte[] {1, 2, 3})
                        .bytes(2, ADDRESS.bytes())
                        .number(3, 99);
        var bad = new ProtoWriter().bytes(1, new byte[] {7});
        var message = new ProtoWriter().number(1, 4).message(8, bad).message(8, good);

        var answer = KadCodec.parseAnswer(message.toBytes());

        assertThat(answer.closer())
                .containsExactly(new KadPeer(TestKeys.peer("good"), List.of(ADDRESS)));
    }

    @Test
    @Clause("K4")
    void anAnswerEndsBeforeItIsLongerThanAPacket() throws Exception {
        var out = new AnswerWriter(KadType.FIND_NODE);
        var addresses = java.util.Collections.nCopies(60, ADDRESS);
        var peer = KadCodec.toBytes(TestKeys.peer("peer"), addresses);

        int written = 0;
        while (out.closer(peer, Connectedness.CONNECTED)) {
            written++;
        }

        var bytes = out.toBytes();
        assertThat(bytes.length)
                .isLessThanOrEqualTo(KadRequest.MAX_LENGTH)
                .isGreaterThan(KadRequest.MAX_LENGTH - peer.length - 8);
        var answer = KadCodec.parseAnswer(bytes);
        assertThat(answer.closer()).hasSize(written);
        assertThat(answer.closer().getFirst().connection()).isEqualTo(Connectedness.CONNECTED);
    }

    @Test
    void aRecordCrossesTheWireWhole() throws Exception {
        var record =
                new KadRecord(
                        text("key"),
                        text("value"),
                        Optional.of(TestKeys.peer("publisher")),
                        77,
                        "2026-01-01T00:00:00.000000000Z");
        var out = new AnswerWriter(KadType.GET_VALUE);
        out.record(record);

        var read = KadCodec.parseAnswer(out.toBytes()).record().orElseThrow();

        assertThat(read).usingRecursiveComparison().isEqualTo(record);
    }
}
