// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.muxer.yamux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.muxer.MuxedStream;
import network.chiral.edge.libp2p.muxer.yamux.YamuxRig.Told;
import org.junit.jupiter.api.Test;

class YamuxProperties {
    @Test
    @Clause("yamux-1")
    void randomFramesThrowNothingAndLeaveNothingBehind() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            var rig =
                    new YamuxRig(
                            random.nextBoolean(), new YamuxLimits(5, 5, 1 << 20, 5_000), 1 << 20);
            rig.listen = random.nextInt(8) != 0;
            for (int step = 0; step < 60 && !rig.channel.isClosed(); step++) {
                act(random, rig);
            }
            rig.accepted.forEach(stream -> stream.consumer(new Told()));

            rig.channel.close();
            rig.channel.take();
            rig.channel.run();

            var what = "seed %d, round %d".formatted(seed, round);
            assertThat(rig.channel.bytesHeld()).as(what).isZero();
            assertThat(rig.session.streamCount()).as(what).isZero();
            assertThat(rig.budget.used()).as(what).isZero();
            assertThat(rig.closings).as(what).hasSize(1);
            assertThat(rig.told).as(what).allMatch(told -> told.ends <= 1 && told.resets <= 1);
        }
    }

    private static void act(Random random, YamuxRig rig) {
        var streams = rig.accepted;
        var any = streams.isEmpty() ? null : streams.get(random.nextInt(streams.size()));
        switch (random.nextInt(12)) {
            case 0 -> rig.session.open().ifPresent(opened -> keep(rig, opened));
            case 1 -> rig.session.measureRoundTrip();
            case 2 -> rig.channel.stall();
            case 3 -> rig.channel.take();
            case 4 -> rig.channel.writable(random.nextBoolean());
            case 5, 6 -> {
                if (any != null) {
                    use(random, rig, any);
                }
            }
            default -> rig.channel.receive(anyBytes(random));
        }
        rig.channel.run();
    }

    private static void keep(YamuxRig rig, MuxedStream opened) {
        var told = new Told();
        rig.told.add(told);
        rig.accepted.add(opened);
        opened.consumer(told);
    }

    private static void use(Random random, YamuxRig rig, MuxedStream stream) {
        switch (random.nextInt(5)) {
            case 0 -> stream.closeWrite();
            case 1 -> stream.reset();
            case 2 -> stream.consumed(random.nextInt(1000));
            default -> rig.write(stream, random.nextInt(50_000));
        }
    }

    private static byte[] anyBytes(Random random) {
        var out = new ByteArrayOutputStream();
        for (int frames = random.nextInt(4); frames >= 0; frames--) {
            int flags = random.nextInt(3) == 0 ? random.nextInt(16) : random.nextInt(3);
            int id = random.nextInt(8);
            switch (random.nextInt(10)) {
                case 0 ->
                        out.writeBytes(YamuxRig.frame(2, random.nextInt(4), 0, random.nextInt(9)));
                case 1, 2 -> out.writeBytes(YamuxRig.frame(1, flags, id, random.nextInt(70_000)));
                case 3 -> {
                    if (random.nextInt(20) == 0) {
                        out.writeBytes(YamuxRig.frame(3, 0, 0, random.nextInt(3)));
                    }
                }
                default -> out.writeBytes(YamuxRig.data(flags, id, random.nextInt(3_000)));
            }
        }
        var bytes = out.toByteArray();
        if (bytes.length > 0 && random.nextInt(30) == 0) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return random.nextInt(20) == 0
                ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1))
                : bytes;
    }

    @Test
    void twoSessionsDeliverEverythingInOrderWhateverTheReadsAndStalls() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            var client = YamuxRig.client();
            var server = YamuxRig.server();
            var expected = new ArrayList<byte[]>();
            for (int i = 0; i < 4; i++) {
                var bytes = new byte[random.nextInt(900_000)];
                random.nextBytes(bytes);
                expected.add(bytes);
                var stream = client.open(new Told());
                for (int at = 0; at < bytes.length; ) {
                    int end = Math.min(bytes.length, at + 1 + random.nextInt(80_000));
                    stream.write(
                            client.channel
                                    .allocator()
                                    .directBuffer(end - at)
                                    .writeBytes(bytes, at, end - at));
                    at = end;
                }
                stream.closeWrite();
            }

            exchange(random, client, server, expected);

            var what = "seed %d, round %d".formatted(seed, round);
            assertThat(server.told).as(what).hasSize(4).allMatch(told -> told.ends == 1);
            for (int i = 0; i < 4; i++) {
                assertThat(server.told.get(i).data.toByteArray())
                        .as(what)
                        .isEqualTo(expected.get(i));
            }
            client.channel.close();
            server.channel.close();
            assertThat(client.channel.bytesHeld()).as(what).isZero();
            assertThat(server.channel.bytesHeld()).as(what).isZero();
        }
    }

    private static void exchange(
            Random random, YamuxRig client, YamuxRig server, List<byte[]> expected) {
        var consumed = new int[expected.size()];
        for (int idle = 0; idle < 50; idle++) {
            var up = client.channel.takeSent();
            for (int at = 0; at < up.length; ) {
                int end = Math.min(up.length, at + 1 + random.nextInt(200_000));
                server.channel.receive(java.util.Arrays.copyOfRange(up, at, end));
                at = end;
                idle = 0;
            }
            for (int i = 0; i < server.accepted.size(); i++) {
                int waiting = server.told.get(i).data.size() - consumed[i];
                int taken = waiting == 0 ? 0 : 1 + random.nextInt(waiting);
                consumed[i] += taken;
                server.accepted.get(i).consumed(taken);
            }
            client.channel.receive(server.channel.takeSent());
        }
    }
}
