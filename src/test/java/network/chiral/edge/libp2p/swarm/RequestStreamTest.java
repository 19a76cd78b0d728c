// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.testing.FakeMuxedStream;
import org.junit.jupiter.api.Test;

class RequestStreamTest {
    private static final int MAX_LENGTH = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String AGREED = "\u0013/multistream/1.0.0\n\u0006/test\n";
    private static final Inquiry INQUIRY =
            new Inquiry(new ProtocolId("/test"), new byte[1], 10, Duration.ofSeconds(10));

    private final FakeMuxedStream muxed = new FakeMuxedStream();
    private final LoopTimers timers = new LoopTimers(muxed.eventLoop(), 1);
    private final List<String> asked = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final RequestStream stream =
            new RequestStream(
                    timers,
                    null,
                    muxed,
                    new ServedProtocol.Requests(this::onRequest, MAX_LENGTH),
                    PATIENCE,
                    () -> told.add("over"));

    private void onRequest(Request request) {
        asked.add(
                request.message()
                        .map(message -> new String(message, StandardCharsets.US_ASCII))
                        .orElse("nothing"));
        request.within(Duration.ofSeconds(20), () -> told.add("late"));
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private static long in(Duration duration) {
        return System.nanoTime() + duration.toNanos();
    }

    @Test
    void asksOnceForAMessageThatComesInPiecesAndEndsTheStreamWithTheAnswer() {
        stream.begin();
        for (var letter : "\u0002q1more".split("")) {
            stream.onData(bytes(letter));
        }
        assertThat(asked).containsExactly("q1");
        assertThat(stream.isOpen()).isTrue();

        stream.answer(new byte[2]);
        stream.answer(new byte[2]);

        assertThat(muxed.written()).isEqualTo(3);
        assertThat(muxed.ends()).isEqualTo(1);
        assertThat(muxed.consumed()).as("no credit for more").isZero();
        assertThat(told).containsExactly("over");
        assertThat(stream.isOpen()).isFalse();
    }

    @Test
    void asksWithNothingWhereAMessageIsTooLong() {
        stream.begin().onData(bytes("\u000b"));

        assertThat(asked).containsExactly("nothing");
    }

    @Test
    void asksWithNothingWhereAMessageEndsTooEarly() {
        stream.begin().onData(bytes("\u0002q"));
        stream.onEnd();
        stream.onEnd();

        assertThat(asked).containsExactly("nothing");
    }

    @Test
    void resetsARemoteThatSaysNothing() {
        stream.begin();

        stream.onTick(in(PATIENCE.minusSeconds(1)));
        assertThat(muxed.resets()).isZero();
        stream.onTick(in(PATIENCE.plusSeconds(1)));
        stream.onTick(in(PATIENCE.plusSeconds(2)));

        assertThat(muxed.resets()).isEqualTo(1);
        assertThat(told).containsExactly("over");
        assertThat(asked).isEmpty();
    }

    @Test
    void tellsTheHandlerOnceThatItIsLateAndResetsWhatIsNeverAnswered() {
        stream.begin().onData(bytes("\u0001q"));

        stream.onTick(in(Duration.ofSeconds(19)));
        assertThat(told).isEmpty();
        stream.onTick(in(Duration.ofSeconds(21)));
        stream.onTick(in(Duration.ofSeconds(22)));
        assertThat(told).containsExactly("late");
        stream.onTick(in(PATIENCE.plusSeconds(1)));

        assertThat(told).containsExactly("late", "over");
        assertThat(muxed.resets()).isEqualTo(1);
    }

    @Test
    void isNotLateOnceItIsAnswered() {
        stream.begin().onData(bytes("\u0001q"));

        stream.answer(new byte[1]);
        stream.onTick(in(Duration.ofSeconds(21)));
        stream.onTick(in(PATIENCE.plusSeconds(1)));

        assertThat(told).containsExactly("over");
        assertThat(muxed.resets()).isZero();
    }

    @Test
    void answersNobodyWhoHasLeft() {
        stream.begin().onData(bytes("\u0001q"));

        stream.onReset();
        stream.answer(new byte[1]);

        assertThat(stream.isOpen()).isFalse();
        assertThat(muxed.written()).isZero();
        assertThat(told).containsExactly("over");
    }

    @Test
    void passesOnWhatCameBehindBothMessagesAndGivesCreditForThemOnly() {
        stream.begin().onData(bytes("\u0001qearly"));
        var other = new FakeMuxedStream();
        var junctions = new ArrayList<Junction>();
        var inquiry = inquiryOn(other, junctions);
        int proposal = other.written();

        inquiry.onData(bytes(AGREED + "\u0001ahi!"));
        muxed.run();
        other.run();

        assertThat(other.written() - proposal).isEqualTo("early".length());
        assertThat(muxed.written()).isEqualTo(1 + 1 + "hi!".length());
        assertThat(muxed.consumed()).isEqualTo(2);
        assertThat(other.consumed()).isEqualTo(AGREED.length() + 2);
        assertThat(junctions.getFirst().end().toCompletableFuture()).isNotDone();
        assertThat(told).containsExactly("over");
    }

    /// A question under way, whose reply is joined.
    private InquiryStream inquiryOn(FakeMuxedStream other, List<Junction> junctions) {
        var inquiry =
                new InquiryStream(
                        new LoopTimers(other.eventLoop(), 1),
                        other,
                        INQUIRY,
                        reply -> junctions.add(join(reply.get())));
        inquiry.begin(Unpooled.buffer());
        return inquiry;
    }

    private Junction join(Reply reply) {
        return stream.join(new byte[1], reply, Allowance.UNLIMITED, List.of());
    }

    @Test
    void resetsTheOtherStreamWhereItIsJoinedTooLate() {
        stream.begin().onData(bytes("\u0001q"));
        stream.onTick(in(Duration.ofSeconds(21)));
        stream.onTick(in(PATIENCE.plusSeconds(1)));
        var other = new FakeMuxedStream();
        var junctions = new ArrayList<Junction>();
        var inquiry = inquiryOn(other, junctions);

        inquiry.onData(bytes(AGREED + "\u0001a"));

        assertThat(other.resets()).isEqualTo(1);
        assertThat(junctions.getFirst().end().toCompletableFuture())
                .isCompletedWithValue(new Joined(Joined.End.FIRST_RESET, 0, 0));
    }
}
