// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.autonat;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AutoNatCodecProperties {
    private static final PeerId ALICE = peer("alice");

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    private Multiaddr address() {
        return Multiaddr.parse(
                "/ip4/192.0.2." + random.nextInt(256) + "/tcp/" + random.nextInt(65_536));
    }

    private AutoNatV2Message message() {
        return switch (random.nextInt(4)) {
            case 0 -> {
                var addresses = new ArrayList<Optional<Multiaddr>>();
                for (int i = random.nextInt(AutoNatV2Codec.MAX_ADDRESSES); i > 0; i--) {
                    addresses.add(Optional.of(address()));
                }
                yield new AutoNatV2Message.DialRequest(addresses, random.nextLong());
            }
            case 1 ->
                    new AutoNatV2Message.DialResponse(
                            AutoNatV2Status.values()[random.nextInt(4)],
                            random.nextInt(Integer.MAX_VALUE),
                            DialStatus.values()[random.nextInt(4)]);
            case 2 ->
                    new AutoNatV2Message.DialDataRequest(
                            random.nextInt(Integer.MAX_VALUE), random.nextLong());
            default -> new AutoNatV2Message.DialDataResponse(random.nextInt(5_000));
        };
    }

    @Test
    void readsWhatItWrote() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            var message = message();
            var bytes = AutoNatV2Codec.toBytes(message);

            assertThat(AutoNatV2Codec.parse(bytes)).as("seed %d", seed).isEqualTo(message);
            UnknownFieldSet.parseFrom(bytes); // is protobuf
        }
    }

    @Test
    void readsWhatItWroteOfVersionOne() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            var addresses = new ArrayList<Multiaddr>();
            for (int i = random.nextInt(20); i > 0; i--) {
                addresses.add(address());
            }
            var dial = new AutoNatV1Message.Dial(ALICE, addresses);
            var response =
                    new AutoNatV1Message.DialResponse(
                            AutoNatV1Status.values()[random.nextInt(5)],
                            random.nextBoolean() ? "" : "words",
                            random.nextBoolean() ? Optional.empty() : Optional.of(address()));

            assertThat(AutoNatV1Codec.parse(AutoNatV1Codec.toBytes(dial)))
                    .as("seed %d", seed)
                    .isEqualTo(dial);
            assertThat(AutoNatV1Codec.parse(AutoNatV1Codec.toBytes(response)))
                    .as("seed %d", seed)
                    .isEqualTo(response);
        }
    }

    @Test
    void randomBytesAreReadOrMalformedAndNothingElse() {
        for (int round = 0; round < 50_000; round++) {
            var bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            if (bytes.length > 1 && random.nextBoolean()) {
                bytes[0] = (byte) (8 * (1 + random.nextInt(4)) + 2);
                bytes[1] = (byte) (bytes.length - 2);
            }
            parsed(() -> AutoNatV2Codec.parse(bytes));
            parsed(() -> AutoNatV1Codec.parse(bytes));
            parsed(() -> AutoNatV2Codec.parseDialBack(bytes));
            parsed(() -> AutoNatV2Codec.isDialBackOk(bytes));
        }
    }

    private interface Parse {
        Object run() throws MalformedMessage;
    }

    private void parsed(Parse parse) {
        try {
            assertThat(parse.run()).as("seed %d", seed).isNotNull();
        } catch (MalformedMessage e) {
            assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // no body
                "120408011000", // status 1
                "120508c8011863", // dial status 99
                "0a02",
                "2200ff"
            })
    @Clause("autonat-v2-unknown-status")
    void refusesStatusesAndMessagesThatItDoesNotKnow(String hex) {
        assertThatThrownBy(() -> AutoNatV2Codec.parse(HexFormat.of().parseHex(hex)))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    void keepsTheIndexOfAddressesBehindOneThatItCannotRead() throws Exception {
        var home = address();
        var strange =
                new ProtoWriter()
                        .bytes(1, new byte[] {(byte) 0xFF, 1})
                        .bytes(1, home.bytes())
                        .fixed64(2, 7);
        var bytes = new ProtoWriter().message(1, strange).toBytes();

        var request = (AutoNatV2Message.DialRequest) AutoNatV2Codec.parse(bytes);

        assertThat(request.addresses()).containsExactly(Optional.empty(), Optional.of(home));
        assertThat(request.nonce()).isEqualTo(7);
    }

    @Test
    void spellsTheNonceAsEightBytesThatBeginWithTheSmallest() {
        var bytes = AutoNatV2Codec.dialBack(0x0102030405060708L);

        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo("090807060504030201");
    }
}
