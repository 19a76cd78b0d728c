// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultistreamTest {
    private static final String HEADER = "\u0013/multistream/1.0.0\n";
    private static final String PING = "/ipfs/ping/1.0.0";
    private static final String PING_LINE = "\u0011/ipfs/ping/1.0.0\n";
    private static final String NA = "\u0003na\n";

    private final ByteBuf answer = Unpooled.buffer();
    private final ListenerNegotiation listener = new ListenerNegotiation(PING::equals);
    private final DialerNegotiation dialer = new DialerNegotiation(PING);

    @Test
    @Clause({"M1", "M4"})
    void proposesHeaderAndProtocolAtOnce() {
        var out = Unpooled.buffer();

        dialer.propose(out);

        assertThat(text(out)).isEqualTo(HEADER + PING_LINE);
    }

    @Test
    @Clause({"M1", "multistream-1"})
    void agreesAndLeavesThePayloadBehindTheProposalUnread() throws Exception {
        var in = bytes(HEADER + PING_LINE + "payload");

        var agreed = listener.onBytes(in, answer);

        assertThat(agreed).isEqualTo(PING);
        assertThat(text(answer)).isEqualTo(HEADER + PING_LINE);
        assertThat(text(in)).isEqualTo("payload");
    }

    @Test
    @Clause({"M1", "M2", "multistream-3"})
    void agreesWhereverTheBytesAreCut() throws Exception {
        var whole = HEADER + "\u0006/nope\n" + PING_LINE + "payload";
        for (int cut = 0; cut <= whole.length(); cut++) {
            var out = Unpooled.buffer();
            var fresh = new ListenerNegotiation(PING::equals);
            var in = bytes(whole.substring(0, cut));

            var agreed = fresh.onBytes(in, out);
            if (agreed == null) {
                in = bytes(text(in) + whole.substring(cut));
                agreed = fresh.onBytes(in, out);
            } else {
                in = bytes(text(in) + whole.substring(cut));
            }

            assertThat(agreed).as("cut at %d", cut).isEqualTo(PING);
            assertThat(text(out)).as("cut at %d", cut).isEqualTo(HEADER + NA + PING_LINE);
            assertThat(text(in)).as("cut at %d", cut).isEqualTo("payload");
        }
    }

    @Test
    @Clause("multistream-1")
    void agreesByteByByte() throws Exception {
        var in = Unpooled.buffer();
        String agreed = null;

        for (var letter : (HEADER + NA + PING_LINE).getBytes(StandardCharsets.UTF_8)) {
            assertThat(agreed).isNull();
            agreed = listener.onBytes(in.writeByte(letter), answer);
        }

        assertThat(agreed).isEqualTo(PING);
        assertThat(in.isReadable()).isFalse();
    }

    @Test
    void takesTheDialersAnswerWhereverItIsCut() throws Exception {
        var whole = HEADER + PING_LINE + "payload";
        for (int cut = 0; cut <= whole.length(); cut++) {
            var fresh = new DialerNegotiation(PING);
            var in = bytes(whole.substring(0, cut));

            var before = fresh.onBytes(in);
            in = bytes(text(in) + whole.substring(cut));
            var result = before == DialerNegotiation.Answer.PENDING ? fresh.onBytes(in) : before;

            assertThat(result).as("cut at %d", cut).isEqualTo(DialerNegotiation.Answer.AGREED);
            assertThat(text(in)).as("cut at %d", cut).isEqualTo("payload");
        }
    }

    @Test
    @Clause({"M2", "multistream-3"})
    void tellsTheDialerThatItWasRefused() throws Exception {
        var result = dialer.onBytes(bytes(HEADER + NA));

        assertThat(result).isEqualTo(DialerNegotiation.Answer.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PING_LINE, // no header
                NA,
                HEADER + HEADER,
                HEADER + "\u0006/nope\n", // not what was proposed
                "\u0000",
                "\u0013/multistream/1.0.0 ", // no line feed
                "GET / HTTP/1.1\r\nHost: a.name.that.makes.the.line.as.long.as.its.G.claims\r\n\r\n",
            })
    @Clause({"multistream-2", "multistream-4"})
    void refusesAnAnswerThatTheDialerDidNotAskFor(String text) {
        assertThatThrownBy(() -> dialer.onBytes(bytes(text))).isInstanceOf(MalformedMessage.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PING_LINE,
                "\u0014/multistream/2.0.0x\n",
                "\u0000",
                "\u0013/multistream/1.0.0 ",
            })
    @Clause("multistream-2")
    void refusesADialerThatSpeaksSomethingElse(String text) {
        assertThatThrownBy(() -> listener.onBytes(bytes(text), answer))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    @Clause("M3")
    void takesALineOf1024BytesAndNoLongerOne() throws Exception {
        var longest = Unpooled.buffer().writeBytes(bytes(HEADER)).writeByte(0x80).writeByte(8);
        longest.writeCharSequence("/" + "a".repeat(1022) + "\n", StandardCharsets.UTF_8);
        var longer = Unpooled.buffer().writeBytes(bytes(HEADER)).writeByte(0x81).writeByte(8);

        assertThat(listener.onBytes(longest, answer)).isNull();
        assertThat(text(answer)).isEqualTo(HEADER + NA);
        var fresh = new ListenerNegotiation(PING::equals);
        assertThatThrownBy(() -> fresh.onBytes(longer, answer))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    @Clause("M3")
    void refusesALengthOfThreeBytesBeforeTheLineIsThere() {
        var in = Unpooled.wrappedBuffer(new byte[] {(byte) 0x80, (byte) 0x80});

        assertThatThrownBy(() -> listener.onBytes(in, answer)).isInstanceOf(MalformedMessage.class);
    }

    @Test
    @Clause("multistream-5")
    void givesADialerUpThatProposesOnAndOn() {
        var endless = bytes(HEADER + "\u0006/nope\n".repeat(1_000));

        assertThatThrownBy(() -> listener.onBytes(endless, answer))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("64");
        assertThat(answer.readableBytes()).isLessThan(400);
    }

    @Test
    void randomBytesAreANegotiationOrMalformed() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            var noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            var text = random.nextBoolean() ? HEADER : "";
            var in = Unpooled.wrappedBuffer(bytes(text), Unpooled.wrappedBuffer(noise));
            var what = "seed %d, round %d".formatted(seed, round);
            try {
                if (random.nextBoolean()) {
                    new ListenerNegotiation(PING::equals).onBytes(in, Unpooled.buffer());
                } else {
                    new DialerNegotiation(PING).onBytes(in);
                }
            } catch (MalformedMessage expected) {
                assertThat(expected.getMessage()).as(what).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ping", "/a\nb"})
    void refusesANameThatFitsNoLine(String name) {
        assertThatThrownBy(() -> new ProtocolId(name)).isInstanceOf(IllegalArgumentException.class);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private static String text(ByteBuf bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
