// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AeadProperties {
    private static final int ROUNDS = 60;
    private static final int LONGEST = 70_000;

    @Test
    void allProvidersSealToTheSameBytesAndOpenEachOther() {
        var seed = new Random().nextLong();
        var random = new Random(seed);
        for (var round = 0; round < ROUNDS; round++) {
            var key = bytes(random, 32);
            var nonce = random.nextLong();
            var associatedData = bytes(random, random.nextInt(100));
            // Short ones more often: that is where lengths around a block are.
            var message = bytes(random, random.nextInt(random.nextBoolean() ? 200 : LONGEST + 1));
            var what = "seed %d, round %d, %d bytes".formatted(seed, round, message.length);

            byte[] agreed = null;
            for (var provider : AvailableProviders.all()) {
                try (var aead = provider.chacha20Poly1305(key)) {
                    var out = anyKind(random).withRoomFor(message.length + Aead.TAG_LENGTH);
                    var start = out.writerIndex();
                    var parts = split(random, message);
                    aead.seal(nonce, associatedData, parts, parts.length, out);
                    var sealed = ByteBufUtil.getBytes(out, start, out.writerIndex() - start);
                    agreed = agreed == null ? sealed : agreed;
                    assertThat(sealed).as("%s: %s seals", what, provider.name()).isEqualTo(agreed);

                    var opened = aead.open(nonce, associatedData, out, start, sealed.length);

                    assertThat(opened).as("%s: %s opens", what, provider.name()).isTrue();
                    assertThat(ByteBufUtil.getBytes(out, start, message.length))
                            .as("%s: %s opened", what, provider.name())
                            .isEqualTo(message);
                    out.release();
                    Arrays.stream(parts).forEach(ByteBuf::release);
                }
            }
        }
    }

    private static ByteBuf[] split(Random random, byte[] message) {
        var cuts = random.ints(random.nextInt(6), 0, message.length + 1).sorted().toArray();
        var parts = new ByteBuf[cuts.length + 1];
        var from = 0;
        for (var i = 0; i <= cuts.length; i++) {
            var to = i < cuts.length ? cuts[i] : message.length;
            parts[i] = anyKind(random).holding(Arrays.copyOfRange(message, from, to));
            from = to;
        }
        return parts;
    }

    private static BufferKind anyKind(Random random) {
        return BufferKind.values()[random.nextInt(BufferKind.values().length)];
    }

    private static byte[] bytes(Random random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
