// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtoTest {
    @Test
    void readsEachKindOfFieldThatProtobufWrites() throws Exception {
        var message =
                UnknownFieldSet.newBuilder()
                        .addField(1, Field.newBuilder().addVarint(-1).build())
                        .addField(2, Field.newBuilder().addLengthDelimited(utf8("é")).build())
                        .addField(3, Field.newBuilder().addFixed64(0x0102030405060708L).build())
                        .addField(4, Field.newBuilder().addFixed32(7).build())
                        .addField(536870911, Field.newBuilder().addVarint(300).build())
                        .build();
        var in = new ProtoReader(message.toByteArray());

        assertThat(in.next()).isTrue();
        assertThat(in.number()).isEqualTo(-1);
        assertThat(in.next()).isTrue();
        assertThat(in.text()).isEqualTo("é");
        assertThat(in.next()).isTrue();
        assertThat(in.fixed64()).isEqualTo(0x0102030405060708L);
        assertThat(in.next()).isTrue();
        in.skip();
        assertThat(in.next()).isTrue();
        assertThat(in.field()).isEqualTo(536870911);
        assertThat(in.number()).isEqualTo(300);
        assertThat(in.next()).isFalse();
    }

    @Test
    void writesWhatProtobufReads() throws Exception {
        var bytes =
                new ProtoWriter()
                        .number(1, 0)
                        .number(2, Long.MIN_VALUE)
                        .bytes(3, new byte[200])
                        .text(4, "é")
                        .message(17, new ProtoWriter().number(1, 5))
                        .toBytes();

        var read = UnknownFieldSet.parseFrom(bytes);

        assertThat(read.getField(1).getVarintList()).containsExactly(0L);
        assertThat(read.getField(2).getVarintList()).containsExactly(Long.MIN_VALUE);
        assertThat(read.getField(3).getLengthDelimitedList().getFirst().size()).isEqualTo(200);
        assertThat(read.getField(4).getLengthDelimitedList()).containsExactly(utf8("é"));
        var inner =
                UnknownFieldSet.parseFrom(read.getField(17).getLengthDelimitedList().getFirst());
        assertThat(inner.getField(1).getVarintList()).containsExactly(5L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00", // field 0
                "0b", // a group
                "0e", // wire type 6
                "08", // no value
                "0880", // cut value
                "08ffffffffffffffffffff01", // eleven bytes
                "0a05",
                "0a0561", // shorter than it says
                "0affffffffffffffffff01", // a length of 2^64 - 1
                "0affffffff07", // a length of 2^31 - 1
                "09010203",
                "0d0102", // cut fixed fields
                "ffffffffff", // cut tag
                "8080808080808080808001", // an over-long tag
            })
    void refusesWhatIsNoMessage(String hex) {
        var in = new ProtoReader(HexFormat.of().parseHex(hex));

        assertThatThrownBy(
                        () -> {
                            while (in.next()) {
                                in.skip();
                            }
                        })
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    void refusesAFieldOfAnotherWireType() throws Exception {
        var in = new ProtoReader(HexFormat.of().parseHex("0801"));
        in.next();

        assertThatThrownBy(in::bytes).isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(in::fixed64).isInstanceOf(MalformedMessage.class);
    }

    @Test
    void refusesATextThatIsNotUtf8() throws Exception {
        var in = new ProtoReader(HexFormat.of().parseHex("0a02c328"));
        in.next();

        assertThatThrownBy(in::text).isInstanceOf(MalformedMessage.class);
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
