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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FetchTest {
    private static final String AGREED = "\u0013/multistream/1.0.0\n\u0006/test\n";
    private static final String REFUSED = "\u0013/multistream/1.0.0\n\u0003na\n";
    private static final Question QUESTION =
            new Question(new ProtocolId("/test"), 10, 3, Duration.ofSeconds(10));

    private final FakeMuxedStream muxed = new FakeMuxedStream();
    private final LoopTimers timers = new LoopTimers(muxed.eventLoop(), 1);
    private final List<List<String>> told = new ArrayList<>();
    private final Fetch fetch = new Fetch(timers, muxed, QUESTION, this::tell);

    private void tell(List<byte[]> messages) {
        told.add(
                messages.stream()
                        .map(message -> new String(message, StandardCharsets.US_ASCII))
                        .toList());
    }

    @BeforeEach
    void ask() {
        fetch.begin(Unpooled.buffer());
    }

    private void comes(String text) {
        fetch.onData(bytes(text));
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    @Test
    void gathersAnAnswerThatComesInPieces() {
        for (var letter : (AGREED + "\u0002ab\u0001c").split("")) {
            comes(letter);
        }
        assertThat(told).isEmpty();

        fetch.onEnd();

        assertThat(told).containsExactly(List.of("ab", "c"));
        assertThat(muxed.ends()).isEqualTo(1);
    }

    @Test
    void waitsNoLongerOnceThereAreAsManyMessagesAsItTakes() {
        comes(AGREED + "\u0001a\u0001b\u0001c\u0001d");

        assertThat(told).containsExactly(List.of("a", "b", "c"));
    }

    @Test
    void tellsNobodyWhereTheProtocolIsNotSpoken() {
        comes(REFUSED);

        assertThat(muxed.resets()).isEqualTo(1);
        assertThat(told).isEmpty();
    }

    @Test
    void tellsNobodyOfHalfAnAnswer() {
        comes(AGREED + "\u0001a\u0003b");

        fetch.onEnd();

        assertThat(muxed.resets()).isEqualTo(1);
        assertThat(told).isEmpty();
    }

    @Test
    void tellsNobodyOfAnEndWithoutAnAnswer() {
        comes(AGREED);

        fetch.onEnd();

        assertThat(muxed.resets()).isEqualTo(1);
        assertThat(told).isEmpty();
    }

    @Test
    void refusesAMessageThatIsTooLong() {
        comes(AGREED + "\u000b");

        assertThat(muxed.resets()).isEqualTo(1);
        assertThat(told).isEmpty();
    }

    @Test
    void givesUpARemoteThatIsTooSlow() {
        comes(AGREED);

        fetch.onTick(System.nanoTime() + Duration.ofSeconds(11).toNanos());
        comes("\u0001a");
        fetch.onEnd();

        assertThat(muxed.resets()).isEqualTo(1);
        assertThat(told).isEmpty();
    }

    @Test
    void resetsNothingOnceItHasItsAnswer() {
        comes(AGREED + "\u0001a");
        fetch.onEnd();

        fetch.onTick(System.nanoTime() + Duration.ofSeconds(11).toNanos());

        assertThat(muxed.resets()).isZero();
        assertThat(told).hasSize(1);
    }
}
