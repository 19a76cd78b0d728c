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
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.testing.FakeMuxedStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InquiryStreamTest {
    private static final String HEADER = "\u0013/multistream/1.0.0\n";
    private static final String AGREED = HEADER + "\u0006/test\n";

    private final FakeMuxedStream muxed = new FakeMuxedStream();
    private final LoopTimers timers = new LoopTimers(muxed.eventLoop(), 1);
    private final List<Optional<String>> told = new ArrayList<>();
    private final InquiryStream stream =
            new InquiryStream(
                    timers,
                    muxed,
                    new Inquiry(new ProtocolId("/test"), new byte[3], 10, Duration.ofSeconds(30)),
                    reply -> told.add(reply.map(InquiryStreamTest::text)));

    private static String text(Reply reply) {
        return new String(reply.message(), StandardCharsets.US_ASCII);
    }

    @BeforeEach
    void ask() {
        stream.begin(Unpooled.buffer());
    }

    private void comes(String text) {
        stream.onData(bytes(text));
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private static long in(Duration duration) {
        return System.nanoTime() + duration.toNanos();
    }

    @Test
    void sendsItsMessageRightBehindItsProposal() {
        assertThat(muxed.written()).isEqualTo(AGREED.length() + 4);
    }

    @Test
    void tellsOfAReplyThatComesInPiecesAndResetsWhatNobodyJoins() {
        for (var letter : (AGREED + "\u0002ok").split("")) {
            assertThat(told).isEmpty();
            comes(letter);
        }

        assertThat(told).containsExactly(Optional.of("ok"));
        assertThat(muxed.resets()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {HEADER + "\u0003na\n", "\u0000", AGREED + "\u000b"})
    void tellsThatNoReplyComesWhereTheRemoteSaysAnythingElse(String answer) {
        comes(answer);
        comes("more");

        assertThat(told).containsExactly(Optional.empty());
        assertThat(muxed.resets()).isEqualTo(1);
    }

    @Test
    void tellsThatNoReplyComesWhereTheRemoteEnds() {
        comes(AGREED + "\u0002o");

        stream.onEnd();
        stream.onReset();

        assertThat(told).containsExactly(Optional.empty());
        assertThat(muxed.resets()).isEqualTo(1);
    }

    @Test
    void tellsThatNoReplyComesWhereTheRemoteResets() {
        stream.onReset();
        comes(AGREED + "\u0002ok");

        assertThat(told).containsExactly(Optional.empty());
    }

    @Test
    void tellsThatNoReplyComesWhereTheRemoteIsTooSlow() {
        stream.onTick(in(Duration.ofSeconds(29)));
        assertThat(told).isEmpty();

        stream.onTick(in(Duration.ofSeconds(31)));
        comes(AGREED + "\u0002ok");
        stream.onTick(in(Duration.ofSeconds(32)));

        assertThat(told).containsExactly(Optional.empty());
        assertThat(muxed.resets()).isEqualTo(1);
    }
}
