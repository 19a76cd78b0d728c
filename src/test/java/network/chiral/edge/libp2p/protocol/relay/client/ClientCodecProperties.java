// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay.client;

import static network.chiral.edge.libp2p.testing.TestKeys.CRYPTO;
import static network.chiral.edge.libp2p.testing.TestKeys.identity;
import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.junit.jupiter.api.Test;

/// Whatever a relay sends is read, or refused in the one way that callers expect.
class ClientCodecProperties {
    private static final int ROUNDS = 50_000;

    private final Random random = new Random(11);

    /// Reads one message.
    @FunctionalInterface
    private interface Reader {
        Object read(byte[] message) throws MalformedMessage;
    }

    private byte[] noise() {
        var bytes = new byte[random.nextInt(96)];
        random.nextBytes(bytes);
        return bytes;
    }

    /// An answer that is right but for a few bytes.
    private byte[] bent() {
        var slot =
                new ProtoWriter()
                        .number(1, random.nextLong())
                        .bytes(2, noise())
                        .bytes(3, noise())
                        .toBytes();
        var limit = new ProtoWriter().number(1, random.nextLong()).number(2, random.nextLong());
        var message =
                new ProtoWriter()
                        .number(1, random.nextInt(3))
                        .bytes(2, noise())
                        .bytes(3, slot)
                        .message(4, limit)
                        .number(5, 100)
                        .toBytes();
        for (int i = random.nextInt(4); i > 0; i--) {
            message[random.nextInt(message.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return message;
    }

    private int read(Reader reader, byte[] message) {
        try {
            assertThat(reader.read(message)).isNotNull();
            return 1;
        } catch (MalformedMessage e) {
            assertThat(e).hasMessageMatching("(?s).+");
            return 0;
        }
    }

    @Test
    void randomBytesAreAnAnswerOrMalformed() {
        int good = 0;
        for (int i = 0; i < ROUNDS; i++) {
            read(ClientCodec::parseAnswer, noise());
            good += read(ClientCodec::parseAnswer, bent());
        }

        assertThat(good).as("some are good, some are not").isBetween(1, ROUNDS - 1);
    }

    @Test
    void randomBytesAreAStopRequestOrMalformed() {
        int good = 0;
        for (int i = 0; i < ROUNDS; i++) {
            read(ClientCodec::parseStop, noise());
            good += read(ClientCodec::parseStop, bent());
        }

        assertThat(good).as("some are good, some are not").isBetween(1, ROUNDS - 1);
    }

    @Test
    void randomBytesAreNoVoucher() {
        var good = Vouchers.voucher(identity("relay"), peer("self"), 1_800_000_000L);
        for (int i = 0; i < ROUNDS / 50; i++) {
            var bent = good.clone();
            bent[random.nextInt(bent.length)] ^= (byte) (1 << random.nextInt(8));

            assertThat(isVoucher(noise())).isFalse();
            // the payload's type is not looked at, but it is signed
            assertThat(isVoucher(bent)).isFalse();
        }
    }

    private static boolean isVoucher(byte[] bytes) {
        return VoucherCheck.holds(CRYPTO, bytes, peer("relay"), peer("self"), 1_800_000_000L);
    }
}
