// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay.client;

import static network.chiral.edge.libp2p.testing.TestKeys.CRYPTO;
import static network.chiral.edge.libp2p.testing.TestKeys.identity;
import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.identity.SignedEnvelope;
import org.junit.jupiter.api.Test;

class VoucherCheckTest {
    private static final Identity RELAY = identity("relay");
    private static final PeerId SELF = peer("self");
    private static final long UNTIL = 1_800_000_000L;

    private static boolean holds(byte[] voucher) {
        return VoucherCheck.holds(CRYPTO, voucher, RELAY.peerId(), SELF, UNTIL);
    }

    @Test
    @Clause("relay-client-8")
    void holdsWhereTheRelaySignedForThisPeerAndThisTime() {
        assertThat(holds(Vouchers.voucher(RELAY, SELF, UNTIL))).isTrue();
        assertThat(holds(Vouchers.voucher(RELAY, SELF, UNTIL + 1))).as("and longer").isTrue();
        assertThat(holds(Vouchers.voucher(RELAY, SELF, -1))).as("for ever").isTrue();
    }

    @Test
    @Clause("relay-client-8")
    void doesNotHoldForLessTimeThanTheSlot() {
        assertThat(holds(Vouchers.voucher(RELAY, SELF, UNTIL - 1))).isFalse();
        assertThat(holds(Vouchers.voucher(RELAY, SELF, 0))).isFalse();
    }

    @Test
    @Clause("relay-client-8")
    void doesNotHoldForSomebodyElse() {
        assertThat(holds(Vouchers.voucher(RELAY, peer("somebody"), UNTIL))).isFalse();
    }

    @Test
    @Clause("relay-client-8")
    void isNoOtherRelaysWord() {
        var other = identity("other");
        var claimed = Vouchers.payload(RELAY.peerId(), SELF, UNTIL);

        assertThat(holds(Vouchers.voucher(other, SELF, UNTIL))).isFalse();
        assertThat(holds(Vouchers.sealed(other, Vouchers.DOMAIN, claimed).toBytes())).isFalse();
    }

    @Test
    @Clause("relay-client-8")
    void isNoWordAboutAnotherRelay() {
        var other = Vouchers.payload(peer("other"), SELF, UNTIL);

        assertThat(holds(Vouchers.sealed(RELAY, Vouchers.DOMAIN, other).toBytes())).isFalse();
    }

    @Test
    @Clause("relay-client-8")
    void needsItsOwnDomainAndARightSignature() {
        var payload = Vouchers.payload(RELAY.peerId(), SELF, UNTIL);
        var good = Vouchers.sealed(RELAY, Vouchers.DOMAIN, payload);
        var signature = good.signature().clone();
        signature[7] ^= 1;
        var forged = new SignedEnvelope(good.publicKey(), good.payloadType(), payload, signature);

        assertThat(holds(Vouchers.sealed(RELAY, "libp2p-peer-record", payload).toBytes()))
                .isFalse();
        assertThat(holds(forged.toBytes())).isFalse();
    }

    @Test
    void doesNotHoldWhereAByteIsCutOrChanged() {
        var good = Vouchers.voucher(RELAY, SELF, UNTIL);
        for (int length = 0; length < good.length; length++) {
            assertThat(holds(Arrays.copyOf(good, length))).as("of %d bytes", length).isFalse();
        }
        var payload = Vouchers.payload(RELAY.peerId(), SELF, UNTIL);
        for (int length = 0; length < payload.length; length++) {
            var cut = Vouchers.sealed(RELAY, Vouchers.DOMAIN, Arrays.copyOf(payload, length));
            assertThat(holds(cut.toBytes())).as("payload of %d bytes", length).isFalse();
        }
    }
}
