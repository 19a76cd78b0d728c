// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.mdns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.protocol.mdns.MdnsMessage.Question;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MdnsCodecProperties {
    private static final int[] TYPES = {1, 12, 16, 28, 33, 47, 255};

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    private String label() {
        var label = new StringBuilder();
        for (int i = 1 + random.nextInt(DnsName.MAX_LABEL); i > 0; i--) {
            label.append((char) random.nextInt(256));
        }
        return label.toString();
    }

    private DnsName name() {
        var name = new DnsName(List.of());
        for (int i = random.nextInt(4); i > 0; i--) { // 3 x 64 + 1 bytes at most
            name = name.below(label());
        }
        return name;
    }

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private MdnsRecord record() throws Exception {
        long ttl = random.nextInt() & 0xFFFF_FFFFL;
        return switch (random.nextInt(5)) {
            case 0 -> new MdnsRecord.Pointer(name(), ttl, name());
            case 1 -> new MdnsRecord.Service(name(), ttl, random.nextInt(65_536), name());
            case 2 -> new MdnsRecord.Address(name(), ttl, InetAddress.getByAddress(bytes(4)));
            case 3 -> new MdnsRecord.Address(name(), ttl, InetAddress.getByAddress(bytes(16)));
            default -> {
                var strings = new ArrayList<String>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    strings.add(label());
                }
                yield new MdnsRecord.Text(name(), ttl, strings);
            }
        };
    }

    private MdnsMessage message() throws Exception {
        var questions = new ArrayList<Question>();
        for (int i = random.nextInt(4); i > 0; i--) {
            questions.add(new Question(name(), TYPES[random.nextInt(7)], random.nextBoolean()));
        }
        var answers = new ArrayList<MdnsRecord>();
        var additionals = new ArrayList<MdnsRecord>();
        for (int i = random.nextInt(6); i > 0; i--) {
            (random.nextBoolean() ? answers : additionals).add(record());
        }
        return new MdnsMessage(
                random.nextInt(65_536), random.nextBoolean(), questions, answers, additionals);
    }

    @Test
    void readsWhatItWrote() throws Exception {
        for (int round = 0; round < 5_000; round++) {
            var message = message();

            var read = MdnsCodec.parse(MdnsCodec.toBytes(message));

            assertThat(read).as("seed %d", seed).isEqualTo(message);
        }
    }

    @Test
    @Clause("mdns-hostile")
    void randomBytesAreReadOrMalformedAndNothingElse() {
        for (int round = 0; round < 100_000; round++) {
            var bytes = bytes(random.nextInt(80));
            if (bytes.length >= 12 && random.nextInt(4) > 0) {
                bytes[2] = (byte) 0x84; // a response of few records, so that some are reached
                bytes[3] = 0;
                for (int i = 4; i < 12; i++) {
                    bytes[i] = (byte) (i % 2 == 0 ? 0 : random.nextInt(3));
                }
            }
            survives(() -> bytes);
        }
    }

    @Test
    @Clause("mdns-hostile")
    void brokenMessagesAreReadOrMalformedAndNothingElse() throws Exception {
        for (int round = 0; round < 20_000; round++) {
            var bytes = MdnsCodec.toBytes(message());
            for (int i = random.nextInt(4); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? 0xC0 : 0xFF);
            }
            int length = random.nextInt(bytes.length + 1);
            survives(() -> random.nextBoolean() ? bytes : Arrays.copyOf(bytes, length));
        }
    }

    private void survives(Supplier<byte[]> bytes) {
        try {
            var message = MdnsCodec.parse(bytes.get());
            assertThat(MdnsFindings.of(message, AddressScope.ANY)).as("seed %d", seed).isNotNull();
        } catch (MalformedMessage e) {
            assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c00c", // at itself
                "c00e", // forward
                "01 61 c00c", // at its own beginning: endless
                "c0", // cut
                "40 61", // a label of 64 bytes
                "80 61", // neither a label nor a pointer
                "3f 61", // a label that ends behind the packet
            })
    @Clause("mdns-hostile")
    void refusesNamesThatDoNotEnd(String name) {
        var header = "0000 0000 0001 0000 0000 0000";
        var packet = HexFormat.of().parseHex((header + name + "000c 0001").replace(" ", ""));

        assertThatThrownBy(() -> MdnsCodec.parse(packet)).isInstanceOf(MalformedMessage.class);
    }

    /// Each record's name is a pointer to the name before it.
    private static byte[] chain(int pointers) {
        var packet = new StringBuilder("000084000000%04x00000000".formatted(pointers + 1));
        packet.append("016100002f000100000078").append("0000");
        for (int i = 0, last = 12; i < pointers; i++) {
            int at = packet.length() / 2;
            packet.append("%04x002f0001000000780000".formatted(0xC000 | last));
            last = at;
        }
        return HexFormat.of().parseHex(packet);
    }

    @Test
    @Clause("mdns-hostile")
    void refusesANameOfTooManyPointers() throws Exception {
        MdnsCodec.parse(chain(MdnsCodec.MAX_POINTERS));

        assertThatThrownBy(() -> MdnsCodec.parse(chain(MdnsCodec.MAX_POINTERS + 1)))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("pointer");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 11, MdnsCodec.MAX_LENGTH + 1})
    @Clause("mdns-hostile")
    void refusesPacketsOfAnotherSize(int length) {
        assertThatThrownBy(() -> MdnsCodec.parse(new byte[length]))
                .isInstanceOf(MalformedMessage.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000 0000 0041 0000 0000 0000", // 65 questions
                "0000 8400 0000 0081 0000 0080", // 257 records
                "0000 2000 0000 0000 0000 0000", // another opcode
                "0000 8403 0000 0000 0000 0000" // an error
            })
    @Clause("mdns-hostile")
    void refusesHeadersBeyondItsLimits(String header) {
        var packet = Arrays.copyOf(HexFormat.of().parseHex(header.replace(" ", "")), 8_000);

        assertThatThrownBy(() -> MdnsCodec.parse(packet)).isInstanceOf(MalformedMessage.class);
    }

    @Test
    void followsPointersBackwardsAndComparesNamesWithoutCase() throws Exception {
        var packet =
                HexFormat.of()
                        .parseHex(
                                "00008400000000010000000004"
                                        + "5f503270" // _P2p
                                        + "045f756470056c6f63616c00" // _udp.local
                                        + "000c000100000078000a"
                                        + "07416c696365 2d31c00c".replace(" ", ""));

        var message = MdnsCodec.parse(packet);

        assertThat(message.answers())
                .containsExactly(
                        new MdnsRecord.Pointer(
                                MdnsAnswers.SERVICE, 120, MdnsAnswers.SERVICE.below("alice-1")));
    }
}
