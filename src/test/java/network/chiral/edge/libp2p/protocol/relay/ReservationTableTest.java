// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import network.chiral.edge.libp2p.multiformats.IpPrefixMap;
import network.chiral.edge.libp2p.protocol.relay.AdmissionLimits.PrefixCap;
import network.chiral.edge.libp2p.protocol.relay.Decision.Granted;
import network.chiral.edge.libp2p.protocol.relay.Decision.Refused;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.swarm.Rate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReservationTableTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant ONE = NOON.plus(Duration.ofHours(1));
    private static final InetAddress HOME = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress WORK = InetAddress.ofLiteral("192.0.2.2");
    private static final PeerId ALICE = peer("alice");
    private static final PeerId BOB = peer("bob");
    private static final PeerId CAROL = peer("carol");

    @Test
    void grantsASlotForAnHour() {
        var table = table(1, 1);

        var decision = table.reserve(ALICE, HOME, NOON);

        assertThat(decision).isEqualTo(new Granted(ONE, false));
        assertThat(table.isReserved(ALICE, ONE.minusMillis(1))).isTrue();
        assertThat(table.isReserved(ALICE, ONE)).isFalse();
        assertThat(table.size(ONE)).isZero();
    }

    @Test
    @Clause("R9")
    void refusesASecondPeerWhileTheOnlySlotIsHeld() {
        var table = table(1, 0);
        table.reserve(ALICE, HOME, NOON);

        var decision = table.reserve(BOB, WORK, ONE.minusMillis(1));

        assertThat(decision).isEqualTo(new Refused(Refusal.RESERVATIONS_FULL));
    }

    @Test
    void grantsTheSlotAgainOnceItsHourIsOver() {
        var table = table(1, 1);
        table.reserve(ALICE, HOME, NOON);

        var decision = table.reserve(BOB, HOME, ONE);

        assertThat(decision).isEqualTo(new Granted(ONE.plus(Duration.ofHours(1)), false));
    }

    @Test
    @Clause("R6")
    void grantsTheSlotAgainAtOnceWhenItsPeerHasLeft() {
        var table = table(1, 1);
        table.reserve(ALICE, HOME, NOON);

        assertThat(table.release(ALICE)).isTrue();

        assertThat(table.release(ALICE)).isFalse();
        assertThat(table.reserve(BOB, HOME, NOON)).isInstanceOf(Granted.class);
    }

    @Test
    @Clause("R3")
    void renewsWhateverTheLimitsAreAndCountsNothingTwice() {
        var table = table(2, 2);
        table.reserve(ALICE, HOME, NOON);
        table.reserve(BOB, HOME, NOON);

        var decision = table.reserve(ALICE, HOME, NOON.plusSeconds(60));

        assertThat(decision).isEqualTo(new Granted(ONE.plusSeconds(60), true));
        assertThat(table.size(NOON)).isEqualTo(2);
        assertThat(table.reserve(CAROL, WORK, NOON)).isInstanceOf(Refused.class);
    }

    @Test
    void countsAPeerWhereItRenewedLast() {
        var table = table(0, 1);
        table.reserve(ALICE, HOME, NOON);

        table.reserve(ALICE, WORK, NOON);

        assertThat(table.reserve(BOB, HOME, NOON)).isInstanceOf(Granted.class);
        assertThat(table.reserve(CAROL, WORK, NOON))
                .isEqualTo(new Refused(Refusal.RESERVATIONS_PER_ADDRESS));
    }

    @Test
    void expiresInOrderWhenSomeWereRenewed() {
        var table = table(0, 0);
        table.reserve(ALICE, HOME, NOON);
        table.reserve(BOB, HOME, NOON.plusSeconds(10));
        table.reserve(ALICE, HOME, NOON.plusSeconds(20));

        assertThat(table.isReserved(BOB, ONE.plusSeconds(10))).isFalse();
        assertThat(table.isReserved(ALICE, ONE.plusSeconds(19))).isTrue();
        assertThat(table.isReserved(ALICE, ONE.plusSeconds(20))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "2001:db8:0:1::1, 2001:db8:0:1:ffff::2, true",
        "2001:db8:0:1::1, 2001:db8:0:2::1, false",
        "192.0.2.1, 2001:db8::1, false",
    })
    void countsAnIpv4AddressAndAnIpv6NetworkOf64Bits(String one, String other, boolean together) {
        var table = table(0, 1);
        table.reserve(ALICE, InetAddress.ofLiteral(one), NOON);

        var decision = table.reserve(BOB, InetAddress.ofLiteral(other), NOON);

        assertThat(decision instanceof Refused).isEqualTo(together);
    }

    @Test
    void grantsThirtySlotsToOneAddressByDefaultAndAHundredWhereSaidSo() {
        assertThat(grantedTo(1_100, new ReservationTable(RelayLimits.CHIRAL))).isEqualTo(1_024);
        assertThat(grantedTo(30, new ReservationTable(RelayLimits.CHIRAL))).isEqualTo(30);
        assertThat(grantedTo(100, table(0, 100))).isEqualTo(100);
        assertThat(grantedTo(200, new ReservationTable(RelayLimits.UNLIMITED))).isEqualTo(200);
        assertThat(grantedTo(30, new ReservationTable(RelayLimits.GO))).isEqualTo(8);
    }

    @Test
    void holdsNothingAfterAHundredThousandHaveComeAndGone() {
        var table = table(1, 1);

        for (int i = 0; i < 100_000; i++) {
            var passer = anyPeer(i);
            assertThat(table.reserve(passer, HOME, NOON)).isInstanceOf(Granted.class);
            table.release(passer);
        }

        assertThat(table.size(NOON)).isZero();
        assertThat(table.reserve(ALICE, HOME, NOON)).isInstanceOf(Granted.class);
    }

    @Test
    void holdsNothingAfterAHundredThousandHaveExpired() {
        var table = table(10, 10);

        for (int i = 0; i < 100_000; i++) {
            var now = NOON.plus(Duration.ofMinutes(10L * i));
            assertThat(table.reserve(anyPeer(i), HOME, now)).isInstanceOf(Granted.class);
        }

        assertThat(table.size(NOON.plus(Duration.ofMinutes(10L * 99_999)))).isEqualTo(6);
    }

    @Test
    void answersARenewalThatComesTooSoonWithWhatIsHeld() {
        var table = table(0, 0);
        table.reserve(ALICE, HOME, NOON);

        var soon = table.reserve(ALICE, HOME, NOON.plusMillis(9_999));
        var later = table.reserve(ALICE, HOME, NOON.plusSeconds(10));

        assertThat(soon).isEqualTo(new Granted(ONE, true));
        assertThat(later).isEqualTo(new Granted(ONE.plusSeconds(10), true));
    }

    @Test
    void extendsAShortReservationAsSoonAsAClientRenewsIt() {
        var table =
                new ReservationTable(
                        new RelayLimits(0, Duration.ofSeconds(2), 0, 0, 0, Allowance.UNLIMITED));
        table.reserve(ALICE, HOME, NOON);

        var decision = table.reserve(ALICE, HOME, NOON.plusMillis(1_500));

        assertThat(decision).isEqualTo(new Granted(NOON.plusMillis(3_500), true));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.200, true",
        "192.0.2.1, 192.0.3.1, false",
        "2001:db8:0:100::1, 2001:db8:0:1ff::1, true",
        "2001:db8:0:100::1, 2001:db8:0:200::1, false",
    })
    void countsANetworkOfEachSize(String one, String other, boolean together) {
        var caps = List.of(new PrefixCap(false, 24, 1), new PrefixCap(true, 56, 1));
        var table = new ReservationTable(admission(caps, 0, IpPrefixMap.empty()));
        table.reserve(ALICE, InetAddress.ofLiteral(one), NOON);

        var decision = table.reserve(BOB, InetAddress.ofLiteral(other), NOON);

        assertThat(decision.equals(new Refused(Refusal.RESERVATIONS_PER_PREFIX)))
                .isEqualTo(together);
    }

    @Test
    void countsAnAutonomousSystemOnceItIsKnownWhichAddressIsInWhich() {
        var table = new ReservationTable(admission(List.of(), 1, IpPrefixMap.empty()));
        table.reserve(CAROL, HOME, NOON);
        table.asns(new IpPrefixMap<>(Map.of(IpPrefix.parse("192.0.0.0/16"), 64_500)));

        assertThat(table.reserve(ALICE, HOME, NOON)).isInstanceOf(Granted.class);
        assertThat(table.reserve(BOB, WORK, NOON))
                .isEqualTo(new Refused(Refusal.RESERVATIONS_PER_ASN));
        table.release(ALICE);
        assertThat(table.reserve(BOB, WORK, NOON)).isInstanceOf(Granted.class);
        table.release(BOB);
        table.release(CAROL);
        assertThat(table.originCount()).isZero();
    }

    @Test
    void letsATrustedNetworkHoldWhatItIsTrustedWithAndNothingElseLimitsIt() {
        var trusted =
                new IpPrefixMap<>(
                        Map.of(
                                IpPrefix.parse("192.0.2.0/24"), 3,
                                IpPrefix.parse("198.51.100.7"), 0));
        var caps = List.of(new PrefixCap(false, 24, 1));
        var table = new ReservationTable(admission(caps, 0, trusted));

        assertThat(grantedTo(10, table)).isEqualTo(3);
        for (int i = 100; i < 200; i++) {
            var office = InetAddress.ofLiteral("198.51.100.7");
            assertThat(table.reserve(anyPeer(i), office, NOON)).isInstanceOf(Granted.class);
        }
        assertThat(table.reserve(ALICE, HOME, NOON))
                .isEqualTo(new Refused(Refusal.RESERVATIONS_PER_TRUSTED));
    }

    private static RelayLimits admission(
            List<PrefixCap> caps, int perAsn, IpPrefixMap<Integer> trusted) {
        var none = Rate.NONE;
        int perAddress = trusted.isEmpty() ? 0 : 1;
        return new RelayLimits(0, Duration.ofHours(1), perAddress, 0, 0, Allowance.UNLIMITED)
                .with(new AdmissionLimits(caps, perAsn, none, none, none, none, trusted));
    }

    static PeerId anyPeer(int number) {
        return PeerId.ofBytes(
                ByteBuffer.allocate(34).put((byte) 0x12).put((byte) 32).putInt(30, number).array());
    }

    private static int grantedTo(int peers, ReservationTable table) {
        int granted = 0;
        for (int i = 0; i < peers; i++) {
            granted += table.reserve(anyPeer(i), HOME, NOON) instanceof Granted ? 1 : 0;
        }
        return granted;
    }

    private static ReservationTable table(int reservations, int perAddress) {
        return new ReservationTable(
                new RelayLimits(
                        reservations, Duration.ofHours(1), perAddress, 0, 0, Allowance.UNLIMITED));
    }

    @Test
    void tellsWhoHoldsASlotAndUntilWhen() {
        var table = table(0, 0);
        table.reserve(ALICE, HOME, NOON);
        table.reserve(BOB, WORK, NOON.plusSeconds(60));

        var held = table.held(ONE);

        assertThat(held)
                .containsExactly(new HeldSlot(BOB, NOON.plusSeconds(60), ONE.plusSeconds(60)));
    }
}
