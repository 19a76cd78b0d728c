// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.security.noise;

import static network.chiral.edge.libp2p.testing.TestKeys.CRYPTO;
import static network.chiral.edge.libp2p.testing.TestKeys.identity;
import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.crypto.CryptoProviders;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.testing.ForeignKey;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseHandshakeTest {
    private static final List<String> YAMUX = List.of("/yamux/1.0.0");
    private static final NoiseKeys ALICE = new NoiseKeys(CRYPTO, identity("alice"), YAMUX);
    private static final NoiseKeys BOB = new NoiseKeys(CRYPTO, identity("bob"), YAMUX);

    /// Both sides of one handshake, as far as it has come.
    private record Pair(NoiseHandshake initiator, NoiseHandshake responder)
            implements AutoCloseable {
        static Pair of(NoiseKeys alice, NoiseKeys bob, Optional<PeerId> expected) {
            return new Pair(
                    new NoiseHandshake(alice, true, expected),
                    new NoiseHandshake(bob, false, Optional.empty()));
        }

        static Pair fresh() {
            return of(ALICE, BOB, Optional.of(peer("bob")));
        }

        byte[] second() throws MalformedMessage {
            return responder.onMessage(initiator.start()).orElseThrow();
        }

        byte[] third() throws MalformedMessage {
            return initiator.onMessage(second()).orElseThrow();
        }

        void complete() throws MalformedMessage {
            assertThat(responder.onMessage(third())).isEmpty();
        }

        @Override
        public void close() {
            for (var side : List.of(initiator, responder)) {
                side.close();
                side.result()
                        .ifPresent(result -> {
                            result.send().close();
                            result.receive().close();
                        });
            }
        }
    }

    @Test
    @Clause({"noise-1", "noise-2", "noise-6"})
    void tellsEachSideWhoTheOtherIs() throws Exception {
        try (var pair = Pair.fresh()) {
            pair.complete();

            var seenByAlice = pair.initiator.result().orElseThrow();
            var seenByBob = pair.responder.result().orElseThrow();
            assertThat(seenByAlice.remotePeer()).isEqualTo(peer("bob"));
            assertThat(seenByBob.remotePeer()).isEqualTo(peer("alice"));
            assertThat(seenByAlice.muxer()).contains("/yamux/1.0.0");
            assertThat(seenByBob.muxer()).contains("/yamux/1.0.0");
        }
    }

    @Test
    @Clause({"N5", "noise-6"})
    void sendsNothingButItsEphemeralKeyInTheFirstMessage() {
        try (var pair = Pair.fresh()) {
            assertThat(pair.initiator.start()).hasSize(32);
        }
    }

    @Test
    @Clause("N5")
    void takesAFirstMessageWithAPayloadAndHeedsItNot() throws Exception {
        try (var pair = Pair.fresh()) {
            var first = Arrays.copyOf(pair.initiator.start(), 32 + 20);

            var second = pair.responder.onMessage(first);

            assertThat(second).isPresent();
            assertThat(pair.responder.result()).isEmpty();
        }
    }

    @Test
    void freesEveryNativeKeyThatItMade() throws Exception {
        long before = CryptoProviders.liveContexts();

        for (int i = 0; i < 50; i++) {
            try (var pair = Pair.fresh()) {
                pair.complete();
            }
            try (var pair = Pair.fresh()) {
                pair.second();
            }
        }

        assertThat(CryptoProviders.liveContexts()).isEqualTo(before);
    }

    @Test
    @Clause({"N1", "noise-2", "noise-3"})
    void refusesEveryChangedBitOfTheSecondMessage() throws Exception {
        int length = length(2);
        for (int bit = 0; bit < length * 8; bit++) {
            try (var pair = Pair.fresh()) {
                var message = flipped(pair.second(), bit);

                assertThatThrownBy(() -> pair.initiator.onMessage(message))
                        .as("bit %d", bit)
                        .isInstanceOf(MalformedMessage.class);
                assertThat(pair.initiator.result()).isEmpty();
            }
        }
    }

    @Test
    @Clause({"N1", "noise-2", "noise-3"})
    void refusesEveryChangedBitOfTheThirdMessage() throws Exception {
        int length = length(3);
        for (int bit = 0; bit < length * 8; bit++) {
            try (var pair = Pair.fresh()) {
                var message = flipped(pair.third(), bit);

                assertThatThrownBy(() -> pair.responder.onMessage(message))
                        .as("bit %d", bit)
                        .isInstanceOf(MalformedMessage.class);
                assertThat(pair.responder.result()).isEmpty();
            }
        }
    }

    @Test
    void noticesEveryChangedBitOfTheFirstMessageAtTheSecond() throws Exception {
        for (int bit = 0; bit < 32 * 8; bit++) {
            try (var pair = Pair.fresh()) {
                var second =
                        pair.responder
                                .onMessage(flipped(pair.initiator.start(), bit))
                                .orElseThrow();

                assertThatThrownBy(() -> pair.initiator.onMessage(second))
                        .as("bit %d", bit)
                        .isInstanceOf(MalformedMessage.class);
            }
        }
    }

    @Test
    @Clause("N3")
    void refusesEveryCutOfEachMessage() throws Exception {
        for (int length = 0; length < 32; length++) {
            try (var pair = Pair.fresh()) {
                var cut = Arrays.copyOf(pair.initiator.start(), length);
                assertThatThrownBy(() -> pair.responder.onMessage(cut))
                        .isInstanceOf(MalformedMessage.class);
            }
        }
        for (int length = 0; length < length(2); length++) {
            try (var pair = Pair.fresh()) {
                var cut = Arrays.copyOf(pair.second(), length);
                assertThatThrownBy(() -> pair.initiator.onMessage(cut))
                        .isInstanceOf(MalformedMessage.class);
            }
        }
        for (int length = 0; length < length(3); length++) {
            try (var pair = Pair.fresh()) {
                var cut = Arrays.copyOf(pair.third(), length);
                assertThatThrownBy(() -> pair.responder.onMessage(cut))
                        .isInstanceOf(MalformedMessage.class);
            }
        }
    }

    @Test
    @Clause("N2")
    void tellsADialerThatSomebodyElseAnswered() throws Exception {
        try (var pair = Pair.of(ALICE, BOB, Optional.of(peer("carol")))) {
            var second = pair.second();

            assertThatThrownBy(() -> pair.initiator.onMessage(second))
                    .isInstanceOf(PeerMismatch.class)
                    .hasMessageContaining(peer("bob").toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            })
    @Clause("noise-8")
    void refusesAnEphemeralKeyOfLowOrder(String hex) {
        var key = HexFormat.of().parseHex(hex);
        try (var pair = Pair.fresh()) {
            assertThatThrownBy(() -> pair.responder.onMessage(key))
                    .isInstanceOf(MalformedMessage.class);
            pair.initiator.start();
            var second = Arrays.copyOf(key, 220);
            assertThatThrownBy(() -> pair.initiator.onMessage(second))
                    .isInstanceOf(MalformedMessage.class);
        }
    }

    @Test
    @Clause({"N1", "noise-2"})
    void refusesWhoeverPresentsAnothersPayload() throws Exception {
        var mallory = new NoiseKeys(CRYPTO, identity("mallory"), YAMUX);
        System.arraycopy(BOB.payload, 0, mallory.payload, 0, BOB.payload.length);

        try (var pair = Pair.of(ALICE, mallory, Optional.empty())) {
            var second = pair.second();

            assertThatThrownBy(() -> pair.initiator.onMessage(second))
                    .isInstanceOf(MalformedMessage.class)
                    .hasMessageContaining("not signed");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Clause("N6")
    void knowsARemoteByAKeyOfEachType(ForeignKey type) throws Exception {
        var remote = type.make();
        var keys = new NoiseKeys(CRYPTO, remote.key(), remote::sign, YAMUX);

        try (var dialled = Pair.of(ALICE, keys, Optional.of(PeerId.of(remote.key())));
                var dialling = Pair.of(keys, BOB, Optional.empty())) {
            dialled.complete();
            dialling.complete();

            assertThat(dialled.initiator.result().orElseThrow().remotePeer())
                    .isEqualTo(PeerId.of(remote.key()));
            assertThat(dialling.responder.result().orElseThrow().remotePeer())
                    .isEqualTo(PeerId.of(remote.key()));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Clause({"N1", "N6"})
    void refusesAKeyOfEachTypeThatDidNotSign(ForeignKey type) throws Exception {
        var remote = type.make();
        var another = type.make();
        var keys = new NoiseKeys(CRYPTO, remote.key(), another::sign, YAMUX);

        try (var pair = Pair.of(ALICE, keys, Optional.empty())) {
            var second = pair.second();

            assertThatThrownBy(() -> pair.initiator.onMessage(second))
                    .isInstanceOf(MalformedMessage.class)
                    .hasMessageContaining("not signed");
        }
    }

    // --- the muxer

    @Test
    @Clause({"N4", "muxer-1"})
    void takesTheInitiatorsBestMuxerThatBothHave() throws Exception {
        var alice = new NoiseKeys(CRYPTO, identity("alice"), List.of("/a", "/b", "/c"));
        var bob = new NoiseKeys(CRYPTO, identity("bob"), List.of("/c", "/b"));

        try (var pair = Pair.of(alice, bob, Optional.empty())) {
            pair.complete();

            assertThat(pair.initiator.result().orElseThrow().muxer()).contains("/b");
            assertThat(pair.responder.result().orElseThrow().muxer()).contains("/b");
        }
    }

    @Test
    @Clause("N4")
    void leavesTheMuxerOpenWhereOneSideOffersNone() throws Exception {
        var silent = new NoiseKeys(CRYPTO, identity("bob"), List.of());

        try (var dialled = Pair.of(ALICE, silent, Optional.empty());
                var dialling = Pair.of(silent, ALICE, Optional.empty())) {
            dialled.complete();
            dialling.complete();

            for (var pair : List.of(dialled, dialling)) {
                assertThat(pair.initiator.result().orElseThrow().muxer()).isEmpty();
                assertThat(pair.responder.result().orElseThrow().muxer()).isEmpty();
            }
        }
    }

    @Test
    @Clause({"N4", "muxer-2"})
    void failsWhereTheSidesHaveNoMuxerInCommon() throws Exception {
        var other = new NoiseKeys(CRYPTO, identity("bob"), List.of("/mplex/6.7.0"));

        try (var pair = Pair.of(ALICE, other, Optional.empty())) {
            var second = pair.second();

            assertThatThrownBy(() -> pair.initiator.onMessage(second))
                    .isInstanceOf(MalformedMessage.class)
                    .hasMessageContaining("/mplex/6.7.0");
        }
    }

    @Test
    @Clause("noise-4")
    void readsAPayloadWithoutExtensionsAndWithFieldsItDoesNotKnow() throws Exception {
        var message =
                new ProtoWriter()
                        .bytes(3, new byte[] {1})
                        .bytes(1, identity("bob").publicKey().serialized())
                        .number(9, 4)
                        .bytes(2, new byte[64])
                        .toBytes();

        var payload = NoisePayload.parse(message);

        assertThat(payload.muxers()).isEmpty();
        assertThat(payload.signature()).hasSize(64);
    }

    @Test
    @Clause("N1")
    void refusesAPayloadWithoutAKey() {
        var message = new ProtoWriter().bytes(2, new byte[64]).toBytes();

        assertThatThrownBy(() -> NoisePayload.parse(message)).isInstanceOf(MalformedMessage.class);
    }

    private static int length(int message) throws MalformedMessage {
        try (var pair = Pair.fresh()) {
            return message == 2 ? pair.second().length : pair.third().length;
        }
    }

    private static byte[] flipped(byte[] message, int bit) {
        var changed = message.clone();
        changed[bit / 8] ^= (byte) (1 << bit % 8);
        return changed;
    }
}
