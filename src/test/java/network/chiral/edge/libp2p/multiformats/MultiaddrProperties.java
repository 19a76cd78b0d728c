// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.multiformats;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Random;
import network.chiral.edge.conformance.Clause;
import org.junit.jupiter.api.Test;

class MultiaddrProperties {
    private static final MultiaddrProtocol[] PROTOCOLS = MultiaddrProtocol.values();

    @Test
    @Clause("addr-1")
    void everyAddressIsTheSameAfterItsTextAndAfterItsBytes() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            var address = anyAddress(random);
            var what = "seed %d, round %d: %s".formatted(seed, round, address);

            assertThat(Multiaddr.ofBytes(address.bytes())).as(what).isEqualTo(address);
            assertThat(Multiaddr.parse(address.toString())).as(what).isEqualTo(address);
        }
    }

    @Test
    @Clause("addr-4")
    void randomBytesAreAnAddressOrAnIllegalArgument() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            var bytes = damaged(random);
            var what = "seed %d, round %d".formatted(seed, round);

            try {
                var address = Multiaddr.ofBytes(bytes);
                assertThat(Multiaddr.parse(address.toString())).as(what).isEqualTo(address);
                address.tcpSocket();
                address.ip();
                address.dnsName();
                address.withoutPeer();
            } catch (IllegalArgumentException expected) {
                assertThat(expected.getMessage()).as(what).isNotBlank();
            }
        }
    }

    @Test
    @Clause("addr-4")
    void randomTextIsAnAddressOrAnIllegalArgument() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            var text = new StringBuilder(anyAddress(random).toString());
            for (int change = random.nextInt(3); change >= 0; change--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, "/:.%+1aZ\u0661é\0".charAt(random.nextInt(11)));
                    case 1 -> text.insert(at, "/:.%+1aZ\u0661é\0".charAt(random.nextInt(11)));
                    default -> text.setLength(at + 1);
                }
            }
            var what = "seed %d, round %d: %s".formatted(seed, round, text);

            try {
                var address = Multiaddr.parse(text.toString());
                assertThat(Multiaddr.ofBytes(address.bytes())).as(what).isEqualTo(address);
            } catch (IllegalArgumentException expected) {
                assertThat(expected.getMessage()).as(what).isNotBlank();
            }
        }
    }

    private static byte[] damaged(Random random) {
        if (random.nextInt(4) == 0) {
            return bytes(random, random.nextInt(64));
        }
        var bytes = anyAddress(random).bytes();
        for (int change = random.nextInt(3); change >= 0; change--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return random.nextInt(4) == 0
                ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length))
                : bytes;
    }

    private static Multiaddr anyAddress(Random random) {
        var parts = new ArrayList<Multiaddr.Part>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            var protocol = PROTOCOLS[random.nextInt(PROTOCOLS.length)];
            parts.add(new Multiaddr.Part(protocol, anyValue(random, protocol)));
        }
        return Multiaddr.of(parts);
    }

    private static byte[] anyValue(Random random, MultiaddrProtocol protocol) {
        return switch (protocol.value) {
            case NONE, IP4, IP6, PORT, NUMBER -> bytes(random, protocol.value.length);
            case TEXT -> text(random, "abc-.09é %+");
            case ESCAPED_TEXT -> text(random, "abc-.09é %+/?&=#");
            case MULTIBASE -> bytes(random, random.nextInt(40));
            case PEER -> peer(random);
        };
    }

    private static byte[] text(Random random, String letters) {
        var text = new StringBuilder();
        for (int i = random.nextInt(20); i >= 0; i--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] peer(Random random) {
        boolean inlined = random.nextBoolean();
        int length = inlined ? 1 + random.nextInt(42) : 32;
        var multihash = bytes(random, length + 2);
        multihash[0] = (byte) (inlined ? 0 : 0x12);
        multihash[1] = (byte) length;
        return multihash;
    }

    private static byte[] bytes(Random random, int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
