// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import static network.chiral.edge.libp2p.testing.TestKeys.identity;
import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.testing.FakeConversation;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.junit.jupiter.api.Test;

class HopServiceTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final byte[] RESERVE = {8, 0};

    private List<Multiaddr> announced = List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/4001"));
    private final HopService hop =
            new HopService(
                    identity("relay"),
                    RelayLimits.CHIRAL,
                    () -> announced,
                    _ -> Optional.empty(),
                    Clock.fixed(NOON, ZoneOffset.UTC));

    @Test
    void keepsNoSlotForAPeerThatLeftBeforeItWasAnswered() {
        var leaving = new FakeConversation(peer("alice"), RESERVE).gone();

        assertThatThrownBy(() -> hop.onStream(leaving)).isInstanceOf(IOException.class);

        assertThat(hop.reservationCount()).isZero();
    }

    @Test
    void keepsTheSlotOfAPeerUntilItsLastConnectionIsGone() throws Exception {
        var alice = new FakeConversation(peer("alice"), RESERVE);
        hop.onStream(alice);

        hop.onDisconnected(alice, false, "one of two");
        assertThat(hop.isReserved(peer("alice"))).isTrue();
        hop.onDisconnected(alice, true, "the other");

        assertThat(hop.isReserved(peer("alice"))).isFalse();
    }

    @Test
    void givesNoSlotWhileItKnowsNoAddressOfItsOwn() throws Exception {
        announced = List.of();
        var alice = new FakeConversation(peer("alice"), RESERVE);

        hop.onStream(alice);

        assertThat(alice.answers()).containsExactly(status(RelayStatus.RESERVATION_REFUSED));
        assertThat(hop.reservationCount()).isZero();
    }

    @Test
    @Clause("R18")
    void givesNoSlotWhileItDrains() throws Exception {
        hop.drain();
        var alice = new FakeConversation(peer("alice"), RESERVE);

        hop.onStream(alice);

        assertThat(alice.answers()).containsExactly(status(RelayStatus.RESOURCE_LIMIT_EXCEEDED));
    }

    @Test
    @Clause("R8")
    void saysThatADestinationFailedThatIsNoLongerConnected() throws Exception {
        hop.onStream(new FakeConversation(peer("bob"), RESERVE));
        var request = new ProtoWriter().number(1, 1);
        request.message(2, new ProtoWriter().bytes(1, peer("bob").bytes()));
        var alice = new FakeConversation(peer("alice"), request.toBytes());

        hop.onStream(alice);

        assertThat(alice.answers()).containsExactly(status(RelayStatus.CONNECTION_FAILED));
        assertThat(hop.circuitCount()).isZero();
    }

    private static byte[] status(RelayStatus status) {
        return RelayCodec.toBytes(new HopMessage.Status(status));
    }
}
