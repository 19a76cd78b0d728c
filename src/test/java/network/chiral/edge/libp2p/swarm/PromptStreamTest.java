// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import network.chiral.edge.libp2p.testing.FakeMuxedStream;
import org.junit.jupiter.api.Test;

class PromptStreamTest {
    private static final int MAX_LENGTH = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final FakeMuxedStream muxed = new FakeMuxedStream();
    private final LoopTimers timers = new LoopTimers(muxed.eventLoop(), 1);
    private final List<String> asked = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    /// Writes down what a conversation gets.
    private final class Ending implements PromptStream.Ending {
        @Override
        public MuxedStream.Consumer converse(ByteBuf rest) {
            left.add(rest.toString(StandardCharsets.US_ASCII));
            return new MuxedStream.Consumer() {
                @Override
                public void onData(ByteBuf data) {}

                @Override
                public void onEnd() {
                    told.add("end");
                }

                @Override
                public void onReset() {}
            };
        }

        @Override
        public void over() {
            told.add("over");
        }
    }

    /// Answers what begins with a `q` with two bytes.
    private PromptStream stream(int maxLength, boolean several) {
        Prompt.Answers answers =
                (_, message) -> {
                    var text = new String(message, StandardCharsets.US_ASCII);
                    asked.add(text);
                    return text.isEmpty() || text.startsWith("q")
                            ? Optional.of(new byte[2])
                            : Optional.empty();
                };
        var prompt = new Prompt(answers, maxLength, several);
        return new PromptStream(timers, null, muxed, PATIENCE, prompt, new Ending());
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Test
    void answersAMessageAndEndsTheStream() {
        var stream = stream(MAX_LENGTH, false);
        stream.begin();

        stream.onData(bytes("\u0002q1"));

        assertThat(asked).containsExactly("q1");
        assertThat(muxed.written()).isEqualTo(3);
        assertThat(muxed.ends()).isEqualTo(1);
        assertThat(told).containsExactly("over");
        assertThat(left).isEmpty();
    }

    @Test
    void answersUnaskedWhereNoMessageIsExpected() {
        var stream = stream(0, false);

        stream.begin();

        assertThat(muxed.written()).isEqualTo(3);
        assertThat(muxed.ends()).isEqualTo(1);
        assertThat(told).containsExactly("over");
    }

    @Test
    void answersOneMessageAfterTheOtherAndGivesTheirCreditBack() {
        var stream = stream(MAX_LENGTH, true);
        stream.begin();

        stream.onData(bytes("\u0002q1\u0002q2\u0002q"));
        stream.onData(bytes("3"));

        assertThat(asked).containsExactly("q1", "q2", "q3");
        assertThat(muxed.consumed()).isEqualTo(9);
        assertThat(told).isEmpty();
    }

    @Test
    void leavesToAConversationWhatItHasNoAnswerTo() {
        var stream = stream(MAX_LENGTH, true);
        stream.begin();

        stream.onData(bytes("\u0002q1\u0002x2\u0002q3"));

        assertThat(asked).containsExactly("q1", "x2");
        assertThat(left).containsExactly("\u0002x2\u0002q3");
        assertThat(muxed.consumed()).isEqualTo(3);
    }

    @Test
    void leavesALengthThatIsTooLongToAConversation() {
        var stream = stream(MAX_LENGTH, false);
        stream.begin();

        stream.onData(bytes("\u000b"));

        assertThat(asked).isEmpty();
        assertThat(left).containsExactly("\u000b");
    }

    @Test
    void leavesHalfAMessageAndItsEndToAConversation() {
        var stream = stream(MAX_LENGTH, true);
        stream.begin();
        stream.onData(bytes("\u0003q"));

        stream.onEnd();

        assertThat(left).containsExactly("\u0003q");
        assertThat(told).containsExactly("end");
    }

    @Test
    void endsWithTheRemoteBetweenTwoMessages() {
        var stream = stream(MAX_LENGTH, true);
        stream.begin();
        stream.onData(bytes("\u0002q1"));

        stream.onEnd();

        assertThat(muxed.ends()).isEqualTo(1);
        assertThat(told).containsExactly("over");
        assertThat(left).isEmpty();
    }

    @Test
    void letsNobodyHoldTheLoopWithARowOfMessages() {
        var stream = stream(MAX_LENGTH, true);
        stream.begin();

        stream.onData(bytes("\u0001q".repeat(20)));

        assertThat(asked).hasSize(16);
        assertThat(left).containsExactly("\u0001q".repeat(4));
    }

    @Test
    void givesUpARemoteThatSaysNothing() {
        var stream = stream(MAX_LENGTH, false);
        stream.begin();
        long now = System.nanoTime();

        stream.onTick(now + PATIENCE.minusSeconds(1).toNanos());
        assertThat(muxed.resets()).isZero();
        stream.onTick(now + PATIENCE.plusSeconds(1).toNanos());

        assertThat(muxed.resets()).isEqualTo(1);
        assertThat(told).containsExactly("over");
    }

    @Test
    void isOverOnceWhateverTheRemoteDoesAfterwards() {
        var stream = stream(MAX_LENGTH, false);
        stream.begin();
        stream.onData(bytes("\u0002q1"));

        stream.onData(bytes("\u0002q2"));
        stream.onEnd();
        stream.onReset();

        assertThat(asked).containsExactly("q1");
        assertThat(told).containsExactly("over");
    }

    @Test
    void leavesAConversationItsTime() {
        var stream = stream(MAX_LENGTH, false);
        stream.begin();
        stream.onData(bytes("\u0002x1"));

        stream.onTick(System.nanoTime() + PATIENCE.plusSeconds(1).toNanos());

        assertThat(left).hasSize(1);
        assertThat(muxed.resets()).isZero();
    }
}
