// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelayCodecTest {
    // an inlined key of three bytes: short enough to be spelled out below
    private static final PeerId PEER = PeerId.ofBytes(HexFormat.of().parseHex("0003aabbcc"));
    private static final Allowance GO = new Allowance(131_072, Duration.ofMinutes(2));

    @Test
    @Clause("relay-type-1")
    void alwaysSpellsTypesPeersAndExpiries() throws Exception {
        var voucher = new byte[] {1};
        var hop =
                List.of(
                        new HopMessage.Reserve(),
                        new HopMessage.Connect(PEER),
                        new HopMessage.Granted(Instant.EPOCH, List.of(), voucher, GO),
                        new HopMessage.Connected(Allowance.UNLIMITED),
                        new HopMessage.Status(RelayStatus.UNUSED));
        var stop =
                List.of(
                        new StopMessage.Connect(PEER, Allowance.UNLIMITED),
                        new StopMessage.Status(RelayStatus.OK));

        for (var message : hop) {
            var fields = UnknownFieldSet.parseFrom(RelayCodec.toBytes(message));
            assertThat(fields.hasField(1)).as("the type of %s", message).isTrue();
        }
        for (var message : stop) {
            var fields = UnknownFieldSet.parseFrom(RelayCodec.toBytes(message));
            assertThat(fields.hasField(1)).as("the type of %s", message).isTrue();
        }
        assertThat(inner(RelayCodec.toBytes(hop.get(1)), 2).hasField(1)).as("id").isTrue();
        assertThat(inner(RelayCodec.toBytes(stop.get(0)), 2).hasField(1)).as("id").isTrue();
        assertThat(inner(RelayCodec.toBytes(hop.get(2)), 3).getField(1).getVarintList())
                .as("an expiry, be it the zero that stands for none elsewhere")
                .containsExactly(0L);
    }

    private static UnknownFieldSet inner(byte[] message, int field) throws Exception {
        return UnknownFieldSet.parseFrom(
                UnknownFieldSet.parseFrom(message)
                        .getField(field)
                        .getLengthDelimitedList()
                        .getFirst());
    }

    @ParameterizedTest
    @CsvSource({
        "0800, Reserve[]",
        "'', Reserve[]", // an absent type, as go and rust read it
        "080112070a050003aabbcc, Connect[destination=1Ldp2]",
        "12070a050003aabbcc0801, Connect[destination=1Ldp2]", // in another order
        "080112090a050003aabbcc1200, Connect[destination=1Ldp2]", // with an empty address
        "08022864, Status[status=OK]",
        "080228cc01, Status[status=NO_RESERVATION]",
        "080228e707, Status[status=UNUSED]", // 999
        "08007a0161, Reserve[]", // an unknown field
    })
    void readsHopMessages(String hex, String expected) throws Exception {
        var message = RelayCodec.parseHop(HexFormat.of().parseHex(hex));

        assertThat(message.toString().replace(PEER.toString(), "1Ldp2")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0803", // no such type
                "088180808010", // 2^32 + 1
                "0801", // CONNECT without a peer
                "08011200", // with a peer without an id
                "080112020a00", // with an empty id
                "080112050a03aabbcc", // with an id that is no multihash
                "0801120aff", // cut
                "ff",
                "0a",
                "080112070a050003aabb"
            })
    void refusesWhatIsNoHopMessage(String hex) {
        assertThatThrownBy(() -> RelayCodec.parseHop(HexFormat.of().parseHex(hex)))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    void spellsAGrantedReservation() {
        var granted =
                new HopMessage.Granted(
                        Instant.ofEpochSecond(300, 999_999_999),
                        List.of(Multiaddr.parse("/ip4/1.2.3.4/tcp/1")),
                        new byte[] {7, 8},
                        GO);

        assertThat(hex(RelayCodec.toBytes(granted)))
                .isEqualTo(
                        "0802"
                                + "1a11"
                                + "08ac02"
                                + "12080401020304060001"
                                + "1a020708"
                                + "2206"
                                + "0878"
                                + "10808008"
                                + "2864");
    }

    @Test
    void spellsAStandingCircuitAndARefusal() {
        var connected = new HopMessage.Connected(GO);
        var refused = new HopMessage.Status(RelayStatus.NO_RESERVATION);

        assertThat(hex(RelayCodec.toBytes(connected)))
                .isEqualTo("0802" + "2206087810808008" + "2864");
        assertThat(hex(RelayCodec.toBytes(refused))).isEqualTo("080228cc01");
    }

    @Test
    void saysNothingOfLimitsWhereThereAreNone() {
        var connected = new HopMessage.Connected(Allowance.UNLIMITED);

        assertThat(hex(RelayCodec.toBytes(connected))).isEqualTo("08022864");
    }

    @Test
    void saysZeroForTheOneLimitThatIsNone() {
        var connected = new HopMessage.Connected(new Allowance(0, Duration.ofSeconds(5)));

        assertThat(hex(RelayCodec.toBytes(connected))).isEqualTo("0802" + "220408051000" + "2864");
    }

    @Test
    void spellsStopWithItsOwnFieldNumbers() {
        var connect = new StopMessage.Connect(PEER, GO);
        var status = new StopMessage.Status(RelayStatus.OK);

        assertThat(hex(RelayCodec.toBytes(connect)))
                .isEqualTo("0800" + "12070a050003aabbcc" + "1a06087810808008");
        assertThat(hex(RelayCodec.toBytes(status))).isEqualTo("08012064");
    }

    @Test
    void readsAStopStatus() throws Exception {
        var ok = RelayCodec.parseStop(HexFormat.of().parseHex("08012064"));
        var inTheFieldOfHop = RelayCodec.parseStop(HexFormat.of().parseHex("08012864"));

        assertThat(ok).isEqualTo(new StopMessage.Status(RelayStatus.OK));
        assertThat(inTheFieldOfHop).isEqualTo(new StopMessage.Status(RelayStatus.UNUSED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0802", "", "0800", "080112", "ff"})
    void refusesWhatIsNoStopMessage(String hex) {
        assertThatThrownBy(() -> RelayCodec.parseStop(HexFormat.of().parseHex(hex)))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    void randomBytesAreAMessageOrMalformed() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            var bytes = HexFormat.of().parseHex("080112070a050003aabbcc28cc01");
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            var what = "seed %d, round %d".formatted(seed, round);
            try {
                assertThat(RelayCodec.parseHop(bytes)).as(what).isNotNull();
                assertThat(RelayCodec.parseStop(bytes)).as(what).isNotNull();
            } catch (MalformedMessage expected) {
                assertThat(expected.getMessage()).as(what).isNotBlank();
            }
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
