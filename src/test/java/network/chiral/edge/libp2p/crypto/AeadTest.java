// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AeadTest {
    private static final String PROVIDERS =
            "network.chiral.edge.libp2p.crypto.AvailableProviders#all";
    private static final byte[] KEY = numbers(32);
    private static final byte[] ASSOCIATED = numbers(12);

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void computesTheVectorsOfTheSpecs(CryptoProvider provider) {
        SelfTest.run(provider);
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void encodesTheNonceAsFourZerosAndEightLittleEndianBytes(CryptoProvider provider)
            throws GeneralSecurityException {
        long[] nonces = {0, 1, 255, 0x1_0000_0000L, 0x0102_0304_0506_0708L, -2};
        for (var nonce : nonces) {
            try (var aead = provider.chacha20Poly1305(KEY)) {
                assertThat(sealed(aead, nonce, ASSOCIATED, numbers(33)))
                        .as("nonce %x", nonce)
                        .isEqualTo(sealedByTheJdk(nonce, ASSOCIATED, numbers(33)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void authenticatesAssociatedDataOfAnyLength(CryptoProvider provider)
            throws GeneralSecurityException {
        try (var aead = provider.chacha20Poly1305(KEY)) {
            for (var length : new int[] {0, 1, 32, 63, 64, 65, 1000}) {
                assertThat(sealed(aead, length, numbers(length), numbers(5)))
                        .as("%d bytes", length)
                        .isEqualTo(sealedByTheJdk(length, numbers(length), numbers(5)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void refusesAMessageWithAnyBitFlipped(CryptoProvider provider) {
        try (var aead = provider.chacha20Poly1305(KEY)) {
            var sealed = sealed(aead, 7, ASSOCIATED, numbers(9));
            for (var bit = 0; bit < sealed.length * Byte.SIZE; bit++) {
                var tampered = Unpooled.directBuffer().writeBytes(sealed);
                tampered.setByte(bit / 8, sealed[bit / 8] ^ 1 << bit % 8);

                var opened = aead.open(7, ASSOCIATED, tampered, 0, sealed.length);

                assertThat(opened).as("bit %d", bit).isFalse();
                tampered.release();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void refusesTheWrongNonceTheWrongAssociatedDataAndTheWrongKey(CryptoProvider provider) {
        try (var aead = provider.chacha20Poly1305(KEY);
                var other = provider.chacha20Poly1305(new byte[32])) {
            var sealed = sealed(aead, 1, ASSOCIATED, numbers(20));

            assertThat(opens(aead, 2, ASSOCIATED, sealed)).isFalse();
            assertThat(opens(aead, 1, Aead.NO_ASSOCIATED_DATA, sealed)).isFalse();
            assertThat(opens(other, 1, ASSOCIATED, sealed)).isFalse();
            assertThat(opens(aead, 1, ASSOCIATED, sealed)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void refusesWhatIsShorterThanATag(CryptoProvider provider) {
        try (var aead = provider.chacha20Poly1305(KEY)) {
            for (var length = 0; length < Aead.TAG_LENGTH; length++) {
                assertThat(opens(aead, 1, ASSOCIATED, new byte[length])).isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void takesBuffersOfEveryKind(CryptoProvider provider) {
        var message = numbers(20_000);
        try (var aead = provider.chacha20Poly1305(KEY)) {
            var expected = sealed(aead, 3, ASSOCIATED, message);
            for (var from : BufferKind.values()) {
                for (var to : BufferKind.values()) {
                    var part = from.holding(message);
                    var out = to.withRoomFor(expected.length);
                    var start = out.writerIndex();
                    aead.seal(3, ASSOCIATED, new ByteBuf[] {part.asReadOnly()}, 1, out);

                    assertThat(part.readableBytes()).isEqualTo(message.length);
                    assertThat(ByteBufUtil.getBytes(out, start, expected.length))
                            .as("%s to %s", from, to)
                            .isEqualTo(expected);
                    assertThat(aead.open(3, ASSOCIATED, out, start, expected.length)).isTrue();
                    assertThat(ByteBufUtil.getBytes(out, start, message.length))
                            .as("%s to %s, opened", from, to)
                            .isEqualTo(message);
                    part.release();
                    out.release();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void writesNothingOutsideOfTheMessage(CryptoProvider provider) {
        try (var aead = provider.chacha20Poly1305(KEY)) {
            var sealed = sealed(aead, 3, ASSOCIATED, numbers(50));
            var buffer = Unpooled.directBuffer(100).writeZero(100);
            buffer.setBytes(10, sealed);

            assertThat(aead.open(3, ASSOCIATED, buffer, 10, sealed.length)).isTrue();

            var all = ByteBufUtil.getBytes(buffer);
            assertThat(Arrays.copyOf(all, 10)).containsOnly(0);
            assertThat(Arrays.copyOfRange(all, 60, 76))
                    .isEqualTo(Arrays.copyOfRange(sealed, 50, 66));
            assertThat(Arrays.copyOfRange(all, 76, 100)).containsOnly(0);
            buffer.release();
        }
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void refusesToLeaveTheBuffer(CryptoProvider provider) {
        var part = Unpooled.directBuffer().writeBytes(numbers(20));
        var parts = new ByteBuf[] {part};
        var tooSmall = Unpooled.directBuffer(35, 35);
        try (var aead = provider.chacha20Poly1305(KEY)) {
            assertThatThrownBy(() -> aead.seal(1, ASSOCIATED, parts, 1, tooSmall))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> aead.seal(1, ASSOCIATED, parts, 2, tooSmall))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> aead.open(1, ASSOCIATED, part, -1, 20))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> aead.open(1, ASSOCIATED, part, 10, part.capacity()))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        } finally {
            part.release();
            tooSmall.release();
        }
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void refusesToWriteWhereOnlyReadingIsAllowed(CryptoProvider provider) {
        var buffer = Unpooled.directBuffer().writeBytes(numbers(100));
        var parts = new ByteBuf[] {Unpooled.EMPTY_BUFFER};
        try (var aead = provider.chacha20Poly1305(KEY)) {
            assertThatThrownBy(() -> aead.open(1, ASSOCIATED, buffer.asReadOnly(), 0, 50))
                    .isInstanceOf(ReadOnlyBufferException.class);
            assertThatThrownBy(() -> aead.seal(1, ASSOCIATED, parts, 1, buffer.asReadOnly()))
                    .isInstanceOf(ReadOnlyBufferException.class);
        } finally {
            buffer.release();
        }
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void answersNothingOnceClosed(CryptoProvider provider) {
        var aead = provider.chacha20Poly1305(KEY);
        var buffer = Unpooled.directBuffer(100).writeZero(50);

        aead.close();
        aead.close();

        assertThatThrownBy(() -> aead.open(1, ASSOCIATED, buffer, 0, 50))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> aead.open(1, ASSOCIATED, buffer, 0, 3))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> aead.seal(1, ASSOCIATED, new ByteBuf[0], 0, buffer))
                .isInstanceOf(IllegalStateException.class);
        buffer.release();
    }

    @ParameterizedTest
    @MethodSource(PROVIDERS)
    void takesKeysOf32BytesOnly(CryptoProvider provider) {
        for (var length : new int[] {0, 16, 31, 33}) {
            assertThatThrownBy(() -> provider.chacha20Poly1305(new byte[length]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    static byte[] sealed(Aead aead, long nonce, byte[] associatedData, byte[] message) {
        var out = Unpooled.directBuffer(message.length + Aead.TAG_LENGTH);
        aead.seal(nonce, associatedData, new ByteBuf[] {Unpooled.wrappedBuffer(message)}, 1, out);
        var sealed = ByteBufUtil.getBytes(out);
        out.release();
        return sealed;
    }

    private static boolean opens(Aead aead, long nonce, byte[] associatedData, byte[] sealed) {
        return aead.open(nonce, associatedData, Unpooled.copiedBuffer(sealed), 0, sealed.length);
    }

    private static byte[] sealedByTheJdk(long nonce, byte[] associatedData, byte[] message)
            throws GeneralSecurityException {
        var nonceBytes =
                ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putLong(4, nonce).array();
        var cipher = Cipher.getInstance("ChaCha20-Poly1305");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(KEY, "ChaCha20"),
                new IvParameterSpec(nonceBytes));
        cipher.updateAAD(associatedData);
        return cipher.doFinal(message);
    }

    private static byte[] numbers(int length) {
        var numbers = new byte[length];
        for (var i = 0; i < length; i++) {
            numbers[i] = (byte) i;
        }
        return numbers;
    }
}
