// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.identity;

import static network.chiral.edge.libp2p.testing.TestKeys.CRYPTO;
import static network.chiral.edge.libp2p.testing.TestKeys.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.junit.jupiter.api.Test;

class PeerRecordTest {
    private static final Identity ALICE = identity("alice");
    private static final Identity BOB = identity("bob");
    private static final Multiaddr HOME = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");
    private static final PeerRecord RECORD =
            new PeerRecord(ALICE.peerId(), 1_700_000_000_000L, List.of(HOME));
    private static final byte[] GO_TYPE = {3, 1};
    private static final byte[] RFC_TYPE =
            "/libp2p/routing-state-record".getBytes(StandardCharsets.UTF_8);

    @Test
    @Clause({"I5", "envelope-1"})
    void opensWhatItSigned() throws Exception {
        var opened = PeerRecord.open(CRYPTO, RECORD.sign(ALICE));

        assertThat(opened).isEqualTo(RECORD);
    }

    @Test
    @Clause({"I5", "record-4"})
    void signsInTheFormThatGoAndJsRead() throws Exception {
        var envelope = SignedEnvelope.parse(RECORD.sign(ALICE));

        assertThat(envelope.payloadType()).isEqualTo(GO_TYPE);
        assertThat(envelope.verify(CRYPTO, "libp2p-peer-record")).isTrue();
        assertThat(envelope.publicKey().serialized()).isEqualTo(ALICE.publicKey().serialized());
    }

    @Test
    @Clause("record-4")
    void opensTheFormOfTheRfcThatRustSends() throws Exception {
        var envelope =
                SignedEnvelope.seal(
                        ALICE, "libp2p-routing-state", RFC_TYPE, payload(ALICE.peerId(), HOME));

        var opened = PeerRecord.open(CRYPTO, envelope.toBytes());

        assertThat(opened.addresses()).containsExactly(HOME);
    }

    @Test
    @Clause("envelope-2")
    void refusesTheDomainOfOneFormWithTheTypeOfTheOther() {
        var payload = payload(ALICE.peerId(), HOME);
        var mixed = SignedEnvelope.seal(ALICE, "libp2p-peer-record", RFC_TYPE, payload);
        var foreign = SignedEnvelope.seal(ALICE, "libp2p-relay-rsvp", GO_TYPE, payload);

        assertThatThrownBy(() -> PeerRecord.open(CRYPTO, mixed.toBytes()))
                .isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(() -> PeerRecord.open(CRYPTO, foreign.toBytes()))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    @Clause("record-2")
    void refusesEveryChangedBitOfAnEnvelope() {
        var signed = RECORD.sign(ALICE);

        for (int bit = 0; bit < signed.length * 8; bit++) {
            var tampered = signed.clone();
            tampered[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> PeerRecord.open(CRYPTO, tampered))
                    .as("bit %d", bit)
                    .isInstanceOf(MalformedMessage.class);
        }
    }

    @Test
    void refusesEveryCutEnvelope() {
        var signed = RECORD.sign(ALICE);

        for (int length = 0; length < signed.length; length++) {
            var cut = java.util.Arrays.copyOf(signed, length);
            assertThatThrownBy(() -> PeerRecord.open(CRYPTO, cut))
                    .as("%d bytes", length)
                    .isInstanceOf(MalformedMessage.class);
        }
    }

    @Test
    @Clause("record-3")
    void refusesARecordThatAnotherPeerSigned() {
        var forged = RECORD.sign(BOB);

        assertThatThrownBy(() -> PeerRecord.open(CRYPTO, forged))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("another peer");
    }

    @Test
    void passesOverAddressesOfProtocolsThatItDoesNotKnow() throws Exception {
        var payload =
                new ProtoWriter()
                        .bytes(1, ALICE.peerId().bytes())
                        .number(2, 7)
                        .message(3, new ProtoWriter().bytes(1, new byte[] {127, 1, 2}))
                        .message(3, new ProtoWriter().bytes(1, HOME.bytes()))
                        .toBytes();
        var envelope = SignedEnvelope.seal(ALICE, "libp2p-peer-record", GO_TYPE, payload);

        var opened = PeerRecord.open(CRYPTO, envelope.toBytes());

        assertThat(opened.addresses()).containsExactly(HOME);
    }

    @Test
    void keepsAtMostAHundredAddresses() throws Exception {
        var many = java.util.Collections.nCopies(150, HOME);

        var opened = PeerRecord.open(CRYPTO, new PeerRecord(ALICE.peerId(), 1, many).sign(ALICE));

        assertThat(opened.addresses()).hasSize(100);
    }

    @Test
    void refusesARecordWithoutAPeer() {
        var payload = new ProtoWriter().number(2, 7).toBytes();
        var envelope = SignedEnvelope.seal(ALICE, "libp2p-peer-record", GO_TYPE, payload);

        assertThatThrownBy(() -> PeerRecord.open(CRYPTO, envelope.toBytes()))
                .isInstanceOf(MalformedMessage.class);
    }

    private static byte[] payload(PeerId peer, Multiaddr address) {
        return new ProtoWriter()
                .bytes(1, peer.bytes())
                .number(2, 7)
                .message(3, new ProtoWriter().bytes(1, address.bytes()))
                .toBytes();
    }
}
