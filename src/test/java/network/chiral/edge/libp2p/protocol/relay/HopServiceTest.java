// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import static network.chiral.edge.libp2p.testing.TestKeys.identity;
import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.testing.FakeConversation;
import network.chiral.edge.libp2p.testing.FakeRequest;
import org.junit.jupiter.api.Test;

class HopServiceTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final byte[] RESERVE = {8, 0};

    private Executor signing = Runnable::run;
    private List<Multiaddr> announced = List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/4001"));
    private final HopService hop =
            new HopService(
                    identity("relay"),
                    new RelayRules(RelayLimits.CHIRAL, RelayGate.OPEN),
                    () -> announced,
                    _ -> Optional.empty(),
                    Clock.fixed(NOON, ZoneOffset.UTC),
                    task -> signing.execute(task));

    private FakeRequest ask(FakeConversation connection, byte[] message) {
        var request = new FakeRequest(connection, message);
        hop.onRequest(request);
        return request;
    }

    private static FakeConversation connection(String name) {
        return new FakeConversation(peer(name), RESERVE);
    }

    @Test
    void keepsNoSlotForAPeerThatLeftBeforeItWasAnswered() {
        ask(connection("alice").gone(), RESERVE);

        assertThat(hop.reservationCount()).isZero();
    }

    @Test
    void keepsTheSlotOfAPeerUntilItsLastConnectionIsGone() {
        var alice = connection("alice");
        ask(alice, RESERVE);

        hop.onDisconnected(alice, false, "one of two");
        assertThat(hop.isReserved(peer("alice"))).isTrue();
        hop.onDisconnected(alice, true, "the other");

        assertThat(hop.isReserved(peer("alice"))).isFalse();
    }

    @Test
    void givesNoSlotWhileItKnowsNoAddressOfItsOwn() {
        announced = List.of();

        var alice = ask(connection("alice"), RESERVE);

        assertThat(alice.answer()).contains(status(RelayStatus.RESERVATION_REFUSED));
        assertThat(hop.reservationCount()).isZero();
    }

    @Test
    @Clause("R18")
    void givesNoSlotWhileItDrains() {
        hop.drain();

        var alice = ask(connection("alice"), RESERVE);

        assertThat(alice.answer()).contains(status(RelayStatus.RESOURCE_LIMIT_EXCEEDED));
    }

    @Test
    @Clause("R8")
    void saysThatADestinationFailedThatIsNoLongerConnected() {
        ask(connection("bob"), RESERVE);
        var request = RelayCodec.toBytes(new HopMessage.Connect(peer("bob")));

        var alice = ask(connection("alice"), request);

        assertThat(alice.answer()).contains(status(RelayStatus.CONNECTION_FAILED));
        assertThat(hop.circuitCount()).isZero();
    }

    @Test
    void answersAFirstRequestOnceItsVoucherIsSignedAndTheNextAtOnce() {
        var elsewhere = new ArrayDeque<Runnable>();
        signing = elsewhere::add;

        var first = ask(connection("alice"), RESERVE);
        assertThat(first.answer()).isEmpty();
        assertThat(hop.isReserved(peer("alice"))).isTrue();
        elsewhere.remove().run();
        var renewal = ask(connection("alice"), RESERVE);

        assertThat(first.answer()).isPresent();
        assertThat(renewal.answer())
                .map(HexFormat.of()::formatHex)
                .isEqualTo(first.answer().map(HexFormat.of()::formatHex));
        assertThat(elsewhere).isEmpty();
    }

    @Test
    void keepsNoSlotForAPeerThatLeftWhileItsVoucherWasSigned() {
        var elsewhere = new ArrayDeque<Runnable>();
        signing = elsewhere::add;
        var alice = connection("alice");
        ask(alice, RESERVE);

        hop.onDisconnected(alice, true, "gone");
        elsewhere.remove().run();

        assertThat(hop.isReserved(peer("alice"))).isFalse();
        assertThat(hop.reservationCount()).isZero();
    }

    private static byte[] status(RelayStatus status) {
        return RelayCodec.toBytes(new HopMessage.Status(status));
    }
}
