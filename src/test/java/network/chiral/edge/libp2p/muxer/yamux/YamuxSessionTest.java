// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer.yamux;

import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.ACK;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.DATA;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.FIN;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.GO_AWAY;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.NONE;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.PING;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.RST;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.SYN;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.WINDOW;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.data;
import static network.chiral.edge.libp2p.muxer.yamux.YamuxRig.frame;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.muxer.yamux.YamuxRig.Sent;
import network.chiral.edge.libp2p.muxer.yamux.YamuxRig.Told;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class YamuxSessionTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    private YamuxRig rig = YamuxRig.server();

    @AfterEach
    void leavesNoBufferBehind() {
        rig.channel.close();
        rig.channel.run();

        assertThat(rig.channel.bytesHeld()).isZero();
        assertThat(rig.session.streamCount()).isZero();
        assertThat(rig.budget.used()).isZero();
        assertThat(rig.closings).hasSize(1);
    }

    // --- opening

    @Test
    @Clause({"yamux-2", "yamux-9"})
    void takesAStreamAndAcknowledgesItWithItsFirstFrame() {
        var stream = rig.accept(1);

        stream.write(rig.channel.allocator().buffer().writeBytes(HELLO));

        assertThat(rig.sent())
                .singleElement()
                .satisfies(frame -> {
                    assertThat(frame.type()).isEqualTo(DATA);
                    assertThat(frame.flags()).isEqualTo(ACK);
                    assertThat(frame.payload()).isEqualTo(HELLO);
                });
    }

    @Test
    @Clause("yamux-2")
    void takesDataThatComesWithTheSyn() {
        rig.receive(data(SYN, 1, HELLO));

        assertThat(rig.told.getFirst().data.toByteArray()).isEqualTo(HELLO);
    }

    @Test
    @Clause("Y6")
    void takesASynWithoutData() {
        rig.receive(data(SYN, 1, 0), data(NONE, 1, HELLO));

        assertThat(rig.accepted).hasSize(1);
        assertThat(rig.told.getFirst().data.toByteArray()).isEqualTo(HELLO);
    }

    @Test
    @Clause("yamux-6")
    void countsTheWindowThatComesWithTheSyn() {
        rig.receive(frame(WINDOW, SYN, 1, 1000));

        rig.write(rig.accepted.getFirst(), YamuxRig.WINDOW_SIZE + 5000);

        assertThat(payload()).isEqualTo(YamuxRig.WINDOW_SIZE + 1000);
    }

    @Test
    @Clause("yamux-2")
    void opensAStreamWithItsFirstData() {
        rig = YamuxRig.client();
        var stream = rig.open(new Told());

        rig.write(stream, 5);

        assertThat(rig.sent())
                .extracting(Sent::toString)
                .containsExactly("type 0 flags 1 id 1 length 5");
    }

    @Test
    @Clause("yamux-3")
    void numbersItsStreamsOddAsClientAndEvenAsServer() {
        rig.write(rig.open(new Told()), 1);
        rig.write(rig.open(new Told()), 1);
        var client = YamuxRig.client();
        client.write(client.open(new Told()), 1);
        client.write(client.open(new Told()), 1);

        assertThat(rig.sent()).extracting(Sent::id).containsExactly(2, 4);
        assertThat(client.sent()).extracting(Sent::id).containsExactly(1, 3);
        client.channel.close();
    }

    @Test
    @Clause({"Y3", "yamux-7"})
    void opensNoMoreThan256StreamsThatTheRemoteDoesNotAcknowledge() {
        for (int i = 0; i < 256; i++) {
            rig.write(rig.open(new Told()), 1);
        }

        assertThat(rig.session.open()).isEmpty();
        rig.receive(frame(WINDOW, ACK, 2, 0));
        assertThat(rig.session.open()).isPresent();
        assertThat(rig.session.open()).isEmpty();
        rig.receive(frame(WINDOW, RST, 4, 0));
        assertThat(rig.session.open()).isPresent();
    }

    @Test
    @Clause({"Y3", "yamux-8"})
    void resetsStreamsBeyondTheInboundLimitAndKeepsTheOthers() {
        rig = new YamuxRig(false, new YamuxLimits(3, 256, 1 << 24, 64_000), 0);
        for (int id = 1; id <= 9; id += 2) {
            rig.receive(data(SYN, id, HELLO));
        }

        assertThat(rig.accepted).hasSize(3);
        assertThat(rig.sent())
                .extracting(Sent::toString)
                .containsExactly("type 1 flags 8 id 7 length 0", "type 1 flags 8 id 9 length 0");
        rig.receive(frame(WINDOW, RST, 1, 0), data(SYN, 11, HELLO));
        assertThat(rig.accepted).hasSize(4);
        assertThat(rig.channel.isClosed()).isFalse();
    }

    @Test
    @Clause("yamux-5")
    void tellsNobodyOfAStreamThatIsOpenedAndResetInOneFrame() {
        rig.receive(frame(WINDOW, SYN | RST, 1, 0), data(SYN | RST, 3, HELLO));

        assertThat(rig.accepted).isEmpty();
        assertThat(rig.session.streamCount()).isZero();
        assertThat(rig.channel.isClosed()).isFalse();
    }

    // --- violations

    static Stream<Arguments> violations() {
        return Stream.of(
                Arguments.of("an unknown type", frame(4, NONE, 1, 0)),
                Arguments.of("an unknown flag", frame(DATA, 16, 1, 0)),
                Arguments.of("another version", new byte[] {1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0}),
                Arguments.of("a stream of our parity", frame(WINDOW, SYN, 2, 0)),
                Arguments.of("data of our parity", data(SYN, 2, HELLO)),
                Arguments.of("stream 0", frame(WINDOW, SYN, 0, 0)),
                Arguments.of("a stream twice", frame(WINDOW, SYN, 1, 0)),
                Arguments.of("more than the window", frame(DATA, NONE, 1, (256 << 10) + 1)),
                Arguments.of("a frame of 4 GiB", frame(DATA, NONE, 1, 0xFFFF_FFFFL)),
                Arguments.of("a window of more than 32 bits", frame(WINDOW, 0, 1, 0xFFFF_FFFFL)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    @Clause({"Y1", "Y5", "Y8", "yamux-1", "yamux-10"})
    void answersAViolationWithGoAway1AndCloses(String what, byte[] violation) {
        rig.accept(1);

        rig.receive(violation);

        assertThat(rig.channel.isClosed()).as(what).isTrue();
        assertThat(rig.sent())
                .as(what)
                .last()
                .extracting(Sent::toString)
                .isEqualTo("type 3 flags 0 id 0 length 1");
        assertThat(rig.closings.getFirst()).startsWith("protocol violation");
        assertThat(rig.told.getFirst().resets).isEqualTo(1);
    }

    @Test
    @Clause("yamux-4")
    void answersDataBehindFinWithGoAway1() {
        rig.accept(1);

        rig.receive(data(FIN, 1, HELLO), data(NONE, 1, HELLO));

        assertThat(rig.channel.isClosed()).isTrue();
    }

    @Test
    void takesASecondFinAsRustSendsItForNothingNew() {
        rig.accept(1);

        rig.receive(data(FIN, 1, HELLO), data(FIN, 1, 0), data(NONE, 1, 0));

        assertThat(rig.channel.isClosed()).isFalse();
    }

    @Test
    @Clause("Y1")
    void sumsUpTheWindowOverSeveralFrames() {
        rig.accept(1);

        rig.receive(data(NONE, 1, YamuxRig.WINDOW_SIZE - 10), data(NONE, 1, 10));
        assertThat(rig.channel.isClosed()).isFalse();
        rig.receive(data(NONE, 1, 1));

        assertThat(rig.channel.isClosed()).isTrue();
    }

    // --- ends

    @Test
    @Clause("Y2")
    void ignoresFramesOfAStreamThatIsGone() {
        rig.accept(1).reset();

        rig.receive(
                data(NONE, 1, HELLO),
                frame(WINDOW, NONE, 1, 5),
                data(FIN, 1, HELLO),
                frame(WINDOW, RST, 1, 0),
                data(ACK, 2, HELLO));

        assertThat(rig.channel.isClosed()).isFalse();
        assertThat(rig.told.getFirst().data.size()).isZero();
        assertThat(rig.sent())
                .extracting(Sent::toString)
                .containsExactly("type 1 flags 10 id 1 length 0");
    }

    @Test
    @Clause("Y2")
    void passesOverTheRestOfAFrameWhoseStreamWasResetInItsMiddle() {
        var stream = rig.accept(1);
        var frame = data(NONE, 1, 1000);

        rig.channel.receive(java.util.Arrays.copyOf(frame, 500));
        stream.reset();
        rig.channel.receive(java.util.Arrays.copyOfRange(frame, 500, frame.length));
        rig.receive(data(SYN, 3, HELLO));

        assertThat(rig.told.get(0).data.size()).isEqualTo(488);
        assertThat(rig.told.get(1).data.toByteArray()).isEqualTo(HELLO);
    }

    @Test
    @Clause("yamux-4")
    void goesOnSendingAfterTheRemoteHasEnded() {
        var stream = rig.accept(1);

        rig.receive(data(FIN, 1, HELLO));
        rig.write(stream, 100);

        assertThat(rig.told.getFirst().ends).isEqualTo(1);
        assertThat(payload()).isEqualTo(100);
        assertThat(stream.isClosed()).isFalse();
    }

    @Test
    @Clause("yamux-4")
    void goesOnReceivingAfterItHasEnded() {
        var stream = rig.accept(1);

        stream.closeWrite();
        rig.write(stream, 100);
        rig.receive(data(NONE, 1, HELLO));

        assertThat(rig.sent())
                .extracting(Sent::toString)
                .containsExactly("type 1 flags 6 id 1 length 0");
        assertThat(rig.told.getFirst().data.toByteArray()).isEqualTo(HELLO);
    }

    @Test
    @Clause("Y7")
    void takesAWindowUpdateBehindTheRemotesFin() {
        var stream = rig.accept(1);
        rig.write(stream, YamuxRig.WINDOW_SIZE + 50);
        assertThat(payload()).isEqualTo(YamuxRig.WINDOW_SIZE);

        rig.receive(frame(WINDOW, FIN, 1, 0), frame(WINDOW, NONE, 1, 50));

        assertThat(payload()).isEqualTo(50);
        assertThat(rig.told.getFirst().ends).isEqualTo(1);
    }

    @Test
    void endsBehindAllThatWasWrittenWithAFrameOfItsOwn() {
        var stream = rig.accept(1);
        rig.write(stream, YamuxRig.WINDOW_SIZE + 50);
        stream.closeWrite();

        assertThat(rig.sent()).noneMatch(frame -> (frame.flags() & FIN) != 0);
        rig.receive(frame(WINDOW, NONE, 1, 50));

        assertThat(rig.sent())
                .extracting(Sent::toString)
                .containsExactly("type 0 flags 0 id 1 length 50", "type 1 flags 4 id 1 length 0");
    }

    @Test
    void tellsOnceThatItsEndHasLeftBehindAllThatWaited() {
        var stream = rig.accept(1);
        rig.write(stream, YamuxRig.WINDOW_SIZE + 50);
        stream.closeWrite();
        rig.channel.run();

        assertThat(rig.told.getFirst().writeCloses).isZero();

        rig.receive(frame(WINDOW, NONE, 1, 50));
        rig.channel.run();
        assertThat(rig.told.getFirst().writeCloses).isEqualTo(1);
    }

    @Test
    void tellsWhoeverListensLaterThatItsEndHasLeftAlready() {
        var stream = rig.accept(1);
        stream.closeWrite();
        rig.channel.run();
        var later = new YamuxRig.Told();

        stream.consumer(later);

        assertThat(later.writeCloses).isEqualTo(1);
    }

    @Test
    @Clause("yamux-4")
    void forgetsAStreamWhenBothSidesHaveEnded() {
        var stream = rig.accept(1);

        stream.closeWrite();
        rig.channel.run();
        rig.receive(frame(WINDOW, FIN, 1, 0));

        assertThat(stream.isClosed()).isTrue();
        assertThat(rig.session.streamCount()).isZero();
        assertThat(rig.told.getFirst().ends).isEqualTo(1);
        assertThat(rig.told.getFirst().resets).isZero();
    }

    @Test
    @Clause("yamux-5")
    void dropsWhatIsQueuedWhenItIsReset() {
        var stream = rig.accept(1);
        rig.write(stream, 2 * YamuxRig.WINDOW_SIZE);
        rig.sent();

        stream.reset();

        assertThat(rig.sent())
                .extracting(Sent::toString)
                .containsExactly("type 1 flags 8 id 1 length 0");
        assertThat(rig.channel.bytesHeld()).isZero();
        assertThat(rig.told.getFirst().resets).as("its own reset is told to nobody").isZero();
    }

    @Test
    @Clause("yamux-5")
    void tellsOnceThatTheRemoteResetTheStream() {
        rig.accept(1);

        rig.receive(frame(WINDOW, RST, 1, 0), frame(WINDOW, RST, 1, 0));

        assertThat(rig.told.getFirst().resets).isEqualTo(1);
        assertThat(rig.session.streamCount()).isZero();
    }

    @Test
    void takesAResetInADataFrameBehindFinForAResetOfTheStreamOnly() {
        rig.accept(1);

        rig.receive(data(FIN, 1, HELLO), data(RST, 1, 0));

        assertThat(rig.channel.isClosed()).isFalse();
        assertThat(rig.told.getFirst().resets).isEqualTo(1);
    }

    @Test
    void tellsALateConsumerWhatCameBefore() {
        rig.listen = false;
        rig.receive(data(SYN, 1, HELLO), data(FIN, 1, HELLO));
        var late = new Told();

        rig.accepted.getFirst().consumer(late);

        assertThat(late.data.size()).isEqualTo(10);
        assertThat(late.ends).isEqualTo(1);
        assertThat(late.resets).isZero();
    }

    @Test
    void tellsALateConsumerThatAnEndedStreamWasResetSince() {
        rig.listen = false;
        rig.receive(data(SYN | FIN, 1, HELLO), frame(WINDOW, RST, 1, 0));
        var late = new Told();

        rig.accepted.getFirst().consumer(late);

        assertThat(late.resets).isEqualTo(1);
    }

    @Test
    void releasesWhatNobodyEverTook() {
        rig.listen = false;
        rig.receive(data(SYN, 1, 10_000));

        rig.channel.close();

        assertThat(rig.session.streamCount()).isZero();
    }

    // --- ping, keepalive, goodbye

    @Test
    @Clause("Y4")
    void echoesAPing() {
        rig.receive(frame(PING, SYN, 0, 0xCAFE_BABEL));

        assertThat(rig.sent())
                .extracting(Sent::toString)
                .containsExactly("type 2 flags 2 id 0 length " + 0xCAFEBABE);
    }

    @Test
    @Clause("Y4")
    void givesARemoteUpThatAsksForAnswersAndReadsNone() {
        rig.channel.writable(false);

        for (int i = 0; i < 10_000; i++) {
            rig.receive(frame(PING, SYN, 0, i));
        }

        assertThat(rig.channel.isClosed()).isTrue();
    }

    @Test
    @Clause("yamux-10")
    void opensNoStreamAfterTheRemoteSaidGoAwayAndGoesOnWithTheOpenOnes() {
        rig.accept(1);

        rig.receive(frame(GO_AWAY, NONE, 0, 0), data(NONE, 1, HELLO));

        assertThat(rig.session.open()).isEmpty();
        assertThat(rig.channel.isClosed()).isFalse();
        assertThat(rig.told.getFirst().data.toByteArray()).isEqualTo(HELLO);
    }

    @Test
    void tellsOnceThatTheRemoteSaidGoAway() {
        rig.receive(frame(GO_AWAY, NONE, 0, 0), frame(GO_AWAY, NONE, 0, 0));

        assertThat(rig.goAways).isEqualTo(1);
        assertThat(rig.channel.isClosed()).isFalse();
    }

    @Test
    void closesWhereTheRemoteSaysThatItWasViolated() {
        rig.receive(frame(GO_AWAY, NONE, 0, 1));

        assertThat(rig.channel.isClosed()).isTrue();
        assertThat(rig.closings).containsExactly("the remote said GoAway 1");
    }

    @Test
    @Clause("yamux-10")
    void saysGoodbyeBeforeItCloses() {
        rig.accept(1);

        rig.session.close();

        assertThat(rig.sent())
                .extracting(Sent::toString)
                .containsExactly("type 3 flags 0 id 0 length 0");
        assertThat(rig.channel.isClosed()).isTrue();
        assertThat(rig.told.getFirst().resets).isEqualTo(1);
        assertThat(rig.session.open()).isEmpty();
    }

    @Test
    @Clause("yamux-1")
    void readsFramesWhereverTheyAreCut() {
        var wire =
                java.nio.ByteBuffer.allocate(12 + 17 + 12 + 17)
                        .put(frame(PING, SYN, 0, 7))
                        .put(data(SYN, 1, HELLO))
                        .put(frame(WINDOW, NONE, 1, 5))
                        .put(data(FIN, 1, HELLO))
                        .array();
        for (int cut = 1; cut < wire.length; cut++) {
            var cutRig = YamuxRig.server();

            cutRig.channel.receive(java.util.Arrays.copyOf(wire, cut));
            cutRig.channel.receive(java.util.Arrays.copyOfRange(wire, cut, wire.length));

            assertThat(cutRig.told.getFirst().data.size()).as("cut at %d", cut).isEqualTo(10);
            assertThat(cutRig.told.getFirst().ends).as("cut at %d", cut).isEqualTo(1);
            cutRig.channel.close();
            assertThat(cutRig.channel.bytesHeld()).isZero();
        }
    }

    private int payload() {
        return rig.sent().stream().mapToInt(frame -> frame.payload().length).sum();
    }
}
