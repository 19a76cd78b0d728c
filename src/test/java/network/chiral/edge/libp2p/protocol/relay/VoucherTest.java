// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import static network.chiral.edge.libp2p.testing.TestKeys.CRYPTO;
import static network.chiral.edge.libp2p.testing.TestKeys.identity;
import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import java.time.Instant;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.identity.SignedEnvelope;
import org.junit.jupiter.api.Test;

class VoucherTest {
    private static final Instant EXPIRES = Instant.ofEpochSecond(1_800_000_000L, 123_456_789);

    @Test
    @Clause("R20")
    void isAnEnvelopeOfTheRelayThatGoAndJsVerify() throws Exception {
        var envelope =
                SignedEnvelope.parse(Voucher.sign(identity("relay"), peer("alice"), EXPIRES));

        assertThat(envelope.payloadType()).containsExactly(0x03, 0x02);
        assertThat(envelope.verify(CRYPTO, "libp2p-relay-rsvp")).isTrue();
        assertThat(envelope.verify(CRYPTO, "libp2p-peer-record")).isFalse();
        assertThat(PeerId.of(envelope.publicKey())).isEqualTo(peer("relay"));
    }

    @Test
    @Clause("R20")
    void namesRelayAndPeerAndTheSecondOfItsExpiry() throws Exception {
        var envelope =
                SignedEnvelope.parse(Voucher.sign(identity("relay"), peer("alice"), EXPIRES));

        var payload = UnknownFieldSet.parseFrom(envelope.payload());

        assertThat(payload.asMap().keySet()).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(payload.getField(1).getLengthDelimitedList().getFirst().toByteArray())
                .isEqualTo(peer("relay").bytes());
        assertThat(payload.getField(2).getLengthDelimitedList().getFirst().toByteArray())
                .isEqualTo(peer("alice").bytes());
        assertThat(payload.getField(3).getVarintList()).containsExactly(1_800_000_000L);
    }
}
