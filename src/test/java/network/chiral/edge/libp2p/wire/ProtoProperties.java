// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtoProperties {
    @Test
    void readsTheFieldsThatProtobufReadsOfWhatItWrote() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            var writer = new ProtoWriter();
            for (int i = random.nextInt(8); i >= 0; i--) {
                int field = 1 + random.nextInt(random.nextBoolean() ? 20 : 100_000);
                if (random.nextBoolean()) {
                    writer.number(field, random.nextLong() >>> random.nextInt(64));
                } else {
                    writer.bytes(field, new byte[random.nextInt(300)]);
                }
            }
            var message = writer.toBytes();

            var read = reread(message);

            assertThat(read)
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(UnknownFieldSet.parseFrom(message));
        }
    }

    @Test
    void randomBytesAreMalformedOrHaveTheFieldsThatProtobufFindsInThem() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 50_000; round++) {
            var bytes = new byte[random.nextInt(24)];
            random.nextBytes(bytes);
            if (bytes.length > 1 && random.nextBoolean()) {
                bytes[0] = (byte) (8 * (1 + random.nextInt(15)) + 2);
                bytes[1] = (byte) (bytes.length - 2);
            }
            var what = "seed %d, round %d".formatted(seed, round);

            try {
                var read = reread(bytes);
                assertThat(read.asMap().keySet())
                        .as(what)
                        .isEqualTo(UnknownFieldSet.parseFrom(bytes).asMap().keySet());
            } catch (MalformedMessage expected) {
                assertThat(expected.getMessage()).as(what).isNotBlank();
            } catch (InvalidProtocolBufferException stricter) {
                throw new AssertionError(what + ": protobuf refuses it", stricter);
            }
        }
    }

    /// The message as protobuf would have it, read with our reader. It does not tell wire types, so
    /// each is tried: a wrong one is refused before anything is taken.
    private static UnknownFieldSet reread(byte[] message) throws MalformedMessage {
        var set = UnknownFieldSet.newBuilder();
        var in = new ProtoReader(message);
        while (in.next()) {
            var field = UnknownFieldSet.Field.newBuilder();
            if (tried(() -> field.addVarint(in.number()))
                    || tried(() -> field.addFixed64(in.fixed64()))
                    || tried(() -> field.addLengthDelimited(ByteString.copyFrom(in.bytes())))) {
                set.mergeField(in.field(), field.build());
            } else {
                in.skip();
                set.mergeField(in.field(), field.build()); // fixed32: in no message of libp2p
            }
        }
        return set.build();
    }

    private interface Reading {
        void run() throws MalformedMessage;
    }

    private static boolean tried(Reading reading) throws MalformedMessage {
        try {
            reading.run();
            return true;
        } catch (MalformedMessage e) {
            if (String.valueOf(e.getMessage()).contains("wire type")) {
                return false;
            }
            throw e;
        }
    }
}
