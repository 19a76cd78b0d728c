// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.security.noise;

import static network.chiral.edge.libp2p.testing.TestKeys.CRYPTO;
import static network.chiral.edge.libp2p.testing.TestKeys.identity;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.crypto.CryptoProviders;
import network.chiral.edge.libp2p.security.SecureChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NoiseChannelTest {
    private static final NoiseKeys ALICE = new NoiseKeys(CRYPTO, identity("alice"), List.of());
    private static final NoiseKeys BOB = new NoiseKeys(CRYPTO, identity("bob"), List.of());

    /// What one side was told.
    private static final class Told implements SecureChannel.Consumer {
        final ByteArrayOutputStream plain = new ByteArrayOutputStream();
        int messages;
        int bursts;
        int closed;

        @Override
        public void onPlain(ByteBuf bytes) {
            messages++;
            plain.writeBytes(ByteBufUtil.getBytes(bytes));
        }

        @Override
        public void onBurstEnd() {
            bursts++;
        }

        @Override
        public void onWritabilityChanged() {}

        @Override
        public void onClosed() {
            closed++;
        }
    }

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true);
    private final EmbeddedChannel aliceWire = new EmbeddedChannel();
    private final EmbeddedChannel bobWire = new EmbeddedChannel();
    private final Told bobTold = new Told();
    private final Told aliceTold = new Told();
    private NoiseChannel alice;
    private NoiseChannel bob;
    private long contextsBefore;

    @BeforeEach
    void shakeHands() throws Exception {
        contextsBefore = CryptoProviders.liveContexts();
        try (var one = new NoiseHandshake(ALICE, true, Optional.empty());
                var other = new NoiseHandshake(BOB, false, Optional.empty())) {
            var second = other.onMessage(one.start()).orElseThrow();
            other.onMessage(one.onMessage(second).orElseThrow());
            alice = channel(aliceWire, one.result().orElseThrow(), aliceTold);
            bob = channel(bobWire, other.result().orElseThrow(), bobTold);
        }
    }

    private NoiseChannel channel(EmbeddedChannel wire, NoiseHandshake.Result result, Told told) {
        wire.config().setAllocator(memory);
        var channel = new NoiseChannel(wire, result, told);
        wire.pipeline().addLast(channel);
        return channel;
    }

    @AfterEach
    void leavesNoBufferAndNoKeyBehind() {
        aliceWire.finishAndReleaseAll();
        bobWire.finishAndReleaseAll();

        assertThat(memory.metric().usedDirectMemory()).isZero();
        assertThat(memory.metric().usedHeapMemory()).isZero();
        assertThat(CryptoProviders.liveContexts()).isEqualTo(contextsBefore);
    }

    @Test
    void opensSeveralMessagesOfOneRead() {
        seal(random(1, 10), random(2, 1000), random(3, 1));
        var wire = flushed();

        bobWire.writeInbound(wire);

        assertThat(bobTold.messages).isEqualTo(3);
        assertThat(bobTold.bursts).isEqualTo(1);
        assertThat(bobTold.plain.toByteArray())
                .isEqualTo(joined(random(1, 10), random(2, 1000), random(3, 1)));
    }

    @Test
    @Clause("noise-7")
    void opensMessagesThatComeByteByByte() {
        seal(random(1, 300), random(2, 0), random(3, 40));
        var wire = ByteBufUtil.getBytes(flushedAndReleased());

        for (var one : wire) {
            bobWire.writeInbound(memory.buffer(1).writeByte(one));
        }

        assertThat(bobTold.plain.toByteArray()).isEqualTo(joined(random(1, 300), random(3, 40)));
    }

    @Test
    @Clause("noise-7")
    void opensMessagesWhereverTheReadIsCut() {
        int length = 2 * (2 + 16) + 20 + 30;
        for (int cut = 1; cut < length; cut++) {
            bobTold.plain.reset();
            seal(random(cut, 20), random(cut + 1, 30));
            var wire = ByteBufUtil.getBytes(flushedAndReleased());
            assertThat(wire).hasSize(length);

            bobWire.writeInbound(copied(wire, 0, cut));
            bobWire.writeInbound(copied(wire, cut, length));

            assertThat(bobTold.plain.toByteArray())
                    .as("cut at %d", cut)
                    .isEqualTo(joined(random(cut, 20), random(cut + 1, 30)));
        }
    }

    @Test
    void opensRandomMessagesInRandomReads() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var sent = new ByteArrayOutputStream();
        var wire = new ByteArrayOutputStream();
        for (int i = 0; i < 60; i++) {
            var message =
                    random(random.nextLong(), random.nextInt(random.nextBoolean() ? 50 : 65_520));
            sent.writeBytes(message);
            seal(message);
            wire.writeBytes(ByteBufUtil.getBytes(flushedAndReleased()));
        }
        var bytes = wire.toByteArray();

        for (int at = 0; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + 1 + random.nextInt(100_000));
            bobWire.writeInbound(copied(bytes, at, end));
            at = end;
        }

        assertThat(bobTold.plain.toByteArray()).as("seed %d", seed).isEqualTo(sent.toByteArray());
    }

    @Test
    @Clause({"N3", "noise-7"})
    void carriesTheLongestPlainText() {
        var longest = random(1, alice.maxPlainLength());

        seal(longest);
        var wire = flushed();
        assertThat(wire.getUnsignedShort(0)).isEqualTo(65_535);
        bobWire.writeInbound(wire);

        assertThat(longest).hasSize(65_519);
        assertThat(bobTold.plain.toByteArray()).isEqualTo(longest);
    }

    @Test
    @Clause("N3")
    void passesOverAnEmptyMessage() {
        seal(new byte[0], random(1, 5));

        bobWire.writeInbound(flushed());

        assertThat(bobTold.messages).isEqualTo(1);
        assertThat(bobTold.plain.toByteArray()).isEqualTo(random(1, 5));
    }

    @Test
    void sealsSeveralPartsAsOneMessage() {
        var parts = new ByteBuf[] {copied(random(1, 5), 0, 5), copied(random(2, 7), 0, 7)};

        alice.seal(parts, 2, 12);
        bobWire.writeInbound(flushed());

        assertThat(bobTold.messages).isEqualTo(1);
        assertThat(bobTold.plain.toByteArray()).isEqualTo(joined(random(1, 5), random(2, 7)));
        parts[0].release();
        parts[1].release();
    }

    @Test
    @Clause("noise-7")
    void closesAtTheFirstMessageThatWasTamperedWith() {
        seal(random(1, 10), random(2, 10), random(3, 10));
        var wire = flushed();
        int second = 2 + 16 + 10;
        wire.setByte(second + 5, wire.getByte(second + 5) ^ 1);

        bobWire.writeInbound(wire);

        assertThat(bobTold.plain.toByteArray()).isEqualTo(random(1, 10));
        assertThat(bobWire.isOpen()).isFalse();
        assertThat(bobTold.closed).isEqualTo(1);
    }

    @Test
    @Clause("noise-7")
    void closesAtAMessageThatComesTwice() {
        seal(random(1, 10));
        var wire = ByteBufUtil.getBytes(flushedAndReleased());

        bobWire.writeInbound(copied(wire, 0, wire.length));
        bobWire.writeInbound(copied(wire, 0, wire.length));

        assertThat(bobTold.messages).isEqualTo(1);
        assertThat(bobWire.isOpen()).isFalse();
    }

    @Test
    @Clause("N3")
    void closesAtAMessageTooShortToBeSealed() {
        for (int length = 0; length < 16; length++) {
            if (bobWire.isOpen()) {
                bobWire.writeInbound(memory.buffer().writeShort(length).writeZero(length));
            }
        }

        assertThat(bobWire.isOpen()).isFalse();
        assertThat(bobTold.messages).isZero();
    }

    @Test
    @Clause("N3")
    void dropsAMessageThatWasCutByTheEndOfTheConnection() {
        seal(random(1, 1000));
        var wire = ByteBufUtil.getBytes(flushedAndReleased());
        bobWire.writeInbound(copied(wire, 0, 500));

        bobWire.close();

        assertThat(bobTold.messages).isZero();
        assertThat(bobTold.closed).isEqualTo(1);
    }

    @Test
    void dropsWhatWasSealedAndNotFlushedWhenTheConnectionEnds() {
        seal(random(1, 1000));

        aliceWire.close();

        assertThat(aliceTold.closed).isEqualTo(1);
        assertThat(alice.isWritable()).isFalse();
    }

    @Test
    void speaksBothWaysWithDifferentKeys() {
        seal(random(1, 10));
        var toBob = flushed();
        var copy = copied(ByteBufUtil.getBytes(toBob), 0, toBob.readableBytes());
        bobWire.writeInbound(toBob);

        var part = copied(random(2, 10), 0, 10);
        bob.seal(new ByteBuf[] {part}, 1, 10);
        bob.flush(_ -> {});
        part.release();
        ByteBuf toAlice = bobWire.readOutbound();
        aliceWire.writeInbound(toAlice);
        aliceWire.writeInbound(copy);

        assertThat(aliceTold.plain.toByteArray()).isEqualTo(random(2, 10));
        assertThat(aliceWire.isOpen()).as("its own message came back").isFalse();
    }

    private void seal(byte[]... messages) {
        for (var message : messages) {
            var part = copied(message, 0, message.length);
            alice.seal(new ByteBuf[] {part}, 1, message.length);
            part.release();
        }
    }

    /// All that Alice sealed, as one buffer.
    private ByteBuf flushed() {
        alice.flush(_ -> {});
        var all = memory.directBuffer();
        for (ByteBuf next; (next = aliceWire.readOutbound()) != null; next.release()) {
            all.writeBytes(next, next.readerIndex(), next.readableBytes());
        }
        return all;
    }

    private ByteBuf flushedAndReleased() {
        var all = flushed();
        var copy = Unpooled.copiedBuffer(all);
        all.release();
        return copy;
    }

    private ByteBuf copied(byte[] bytes, int from, int to) {
        return memory.directBuffer(Math.max(1, to - from)).writeBytes(bytes, from, to - from);
    }

    private static byte[] random(long seed, int length) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
