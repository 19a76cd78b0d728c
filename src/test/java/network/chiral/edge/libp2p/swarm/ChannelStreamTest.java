// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import network.chiral.edge.libp2p.negotiation.DialerNegotiation;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.testing.FakeMuxedStream;
import org.junit.jupiter.api.Test;

class ChannelStreamTest {
    private static final ProtocolId PROTOCOL = new ProtocolId("/test");
    private static final String AGREED = "\u0013/multistream/1.0.0\n\u0006/test\n";

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true);
    private final FakeMuxedStream muxed = new FakeMuxedStream();
    private final ChannelStream stream = new ChannelStream(null, muxed, PROTOCOL, null);

    @Test
    void readsAMessageThatComesInPieces() throws Exception {
        for (var letter : new byte[] {3, 'a', 'b', 'c', 1, 'd'}) {
            stream.onData(memory.buffer().writeByte(letter));
        }

        assertThat(stream.readMessage(10)).asString().isEqualTo("abc");
        assertThat(stream.readMessage(10)).asString().isEqualTo("d");
    }

    @Test
    void refusesAMessageThatIsTooLongBeforeItIsThere() {
        stream.onData(bytes("\u000b"));

        assertThatThrownBy(() -> stream.readMessage(10)).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void refusesALengthOfTenBytes() {
        stream.onData(memory.buffer().writeBytes(new byte[0]).writeLong(-1).writeShort(-1));

        assertThatThrownBy(() -> stream.readMessage(10)).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void tellsAnEndBeforeAMessageFromAnEndInsideOne() throws Exception {
        stream.onData(bytes("\u0003ab"));
        stream.onEnd();

        assertThat(stream.atEnd()).isFalse();
        assertThatThrownBy(() -> stream.readMessage(10)).isInstanceOf(EOFException.class);
        assertThat(stream.atEnd()).isTrue();
    }

    @Test
    void failsWhereTheRemoteResets() {
        stream.onReset();

        assertThatThrownBy(() -> stream.read(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> stream.write(new byte[1])).isInstanceOf(IOException.class);
    }

    @Test
    void failsWhereItsTimeIsOver() {
        stream.deadline(Duration.ofMillis(1));

        assertThatThrownBy(() -> stream.read(1)).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void takesTheAnswerToItsProposalBeforeTheFirstByte() throws Exception {
        var dialled = new ChannelStream(null, muxed, PROTOCOL, new DialerNegotiation("/test"));
        for (var letter : (AGREED + "hi").getBytes(StandardCharsets.UTF_8)) {
            dialled.onData(memory.buffer().writeByte(letter));
        }

        assertThat(dialled.read(2)).asString().isEqualTo("hi");
    }

    @Test
    void saysThatTheRemoteDoesNotSpeakTheProtocol() {
        var dialled = new ChannelStream(null, muxed, PROTOCOL, new DialerNegotiation("/test"));
        dialled.onData(bytes("\u0013/multistream/1.0.0\n\u0003na\n"));

        assertThatThrownBy(() -> dialled.read(1)).isInstanceOf(UnsupportedProtocol.class);
        muxed.run();
        assertThat(muxed.resets()).isEqualTo(1);
    }

    @Test
    void failsWhereTheAnswerIsNone() {
        var dialled = new ChannelStream(null, muxed, PROTOCOL, new DialerNegotiation("/test"));
        dialled.onData(bytes("HTTP/1.1 400 Bad Request\r\n\r\n" + " ".repeat(60)));

        assertThatThrownBy(() -> dialled.read(1)).isInstanceOf(IOException.class);
    }

    @Test
    void givesCreditBackOnlyForWhatWasRead() throws Exception {
        stream.onData(memory.directBuffer().writeZero(200_000));
        muxed.run();
        assertThat(muxed.consumed()).isZero();

        stream.read(100_000);
        muxed.run();

        assertThat(muxed.consumed()).isBetween(100_000 - 32 * 1024, 100_000);
    }

    @Test
    void keepsNoBufferOfTheConnectionForAReaderThatMayNeverCome() {
        var data = memory.directBuffer().writeBytes(new byte[100]);

        stream.onData(data);
        stream.onEnd();

        assertThat(data.refCnt()).isZero();
        assertThat(memory.metric().usedDirectMemory()).isZero();
    }

    @Test
    void dropsWhatComesAfterItsConversationIsOver() throws Exception {
        stream.onData(bytes("before"));

        stream.conversationOver();
        stream.onData(bytes("behind"));
        stream.onEnd();

        assertThat(stream.atEnd()).isTrue();
        muxed.run();
        assertThat(muxed.consumed()).as("no credit for more").isZero();
        assertThat(muxed.ends()).isEqualTo(1);
    }

    @Test
    void isNotOverWhenItsConversationEndsRightBehindPassingItOn() {
        var heard = new ArrayList<String>();
        var next =
                new MuxedStream.Consumer() {
                    @Override
                    public void onData(ByteBuf data) {
                        heard.add(data.toString(StandardCharsets.US_ASCII));
                    }

                    @Override
                    public void onEnd() {}

                    @Override
                    public void onReset() {}
                };
        stream.onData(bytes("early"));

        stream.become(next, () -> {});
        stream.conversationOver();
        muxed.run();

        assertThat(muxed.ends()).isZero();
        assertThat(heard).containsExactly("early");
    }

    private ByteBuf bytes(String text) {
        return memory.buffer().writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
