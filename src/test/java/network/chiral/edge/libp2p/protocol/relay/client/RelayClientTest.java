// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay.client;

import static network.chiral.edge.libp2p.testing.TestKeys.CRYPTO;
import static network.chiral.edge.libp2p.testing.TestKeys.identity;
import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.relay.HopMessage;
import network.chiral.edge.libp2p.protocol.relay.client.ReservationRefused.Why;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Circuit;
import network.chiral.edge.libp2p.swarm.CircuitAddress;
import network.chiral.edge.libp2p.swarm.CircuitException;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.DialException;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.testing.FakeConversation;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.junit.jupiter.api.Test;

class RelayClientTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);
    private static final long LATER = NOW.getEpochSecond() + 3_600;
    private static final Identity RELAY = identity("relay");
    private static final PeerId SELF = peer("self");
    private static final Multiaddr HOME = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001");
    private static final byte[] NONE = {};

    private final List<Circuit> upgraded = new ArrayList<>();

    /// A client whose every dial leads to `relay`.
    private RelayClient client(FakeConversation relay) {
        var network =
                new RelayClient.Network() {
                    @Override
                    public Connection dial(PeerId peer, Collection<Multiaddr> addresses) {
                        return relay;
                    }

                    @Override
                    public Connection upgrade(Stream stream, Circuit circuit) {
                        upgraded.add(circuit);
                        return relay;
                    }
                };
        return new RelayClient(
                CRYPTO, SELF, AddressScope.ANY, network, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static FakeConversation relay(byte[] answer) {
        return new FakeConversation(RELAY.peerId(), NONE)
                .outbound()
                .opening(new FakeConversation(RELAY.peerId(), answer));
    }

    private static byte[] granted(long expires, byte[] voucher) {
        var slot = new ProtoWriter().number(1, expires).bytes(2, HOME.bytes());
        if (voucher.length > 0) {
            slot.bytes(3, voucher);
        }
        return new ProtoWriter().number(1, 2).message(3, slot).number(5, 100).toBytes();
    }

    private Reservation reserve(FakeConversation relay) throws ReservationRefused {
        return client(relay).reserve(relay);
    }

    private Why refusal(byte[] answer) {
        return catchThrowableOfType(ReservationRefused.class, () -> reserve(relay(answer))).why();
    }

    // --- slots

    @Test
    @Clause("relay-client-8")
    void takesASlotWithTheRelaysWord() throws Exception {
        var slot = reserve(relay(granted(LATER, Vouchers.voucher(RELAY, SELF, LATER))));

        assertThat(slot.relay()).isEqualTo(RELAY.peerId());
        assertThat(slot.expires()).isEqualTo(Instant.ofEpochSecond(LATER));
        assertThat(slot.circuits()).containsExactly(CircuitAddress.through(HOME, RELAY.peerId()));
    }

    @Test
    @Clause("relay-client-8")
    void takesASlotWithoutAVoucher() throws Exception {
        assertThat(reserve(relay(granted(LATER, NONE))).expires())
                .isEqualTo(Instant.ofEpochSecond(LATER));
    }

    @Test
    @Clause("relay-client-8")
    void takesNoSlotWithAVoucherThatDoesNotHold() {
        var forSomebody = Vouchers.voucher(RELAY, peer("somebody"), LATER);
        var ofSomebody = Vouchers.voucher(identity("somebody"), SELF, LATER);
        var tooShort = Vouchers.voucher(RELAY, SELF, LATER - 1);

        assertThat(refusal(granted(LATER, forSomebody))).isEqualTo(Why.BAD_VOUCHER);
        assertThat(refusal(granted(LATER, ofSomebody))).isEqualTo(Why.BAD_VOUCHER);
        assertThat(refusal(granted(LATER, tooShort))).isEqualTo(Why.BAD_VOUCHER);
        assertThat(refusal(granted(LATER, new byte[] {1, 2, 3}))).isEqualTo(Why.BAD_VOUCHER);
    }

    @Test
    @Clause("relay-client-7")
    void asksForNoSlotThroughARelay() {
        var relay = relay(granted(LATER, NONE)).relayed();

        var refused = catchThrowableOfType(ReservationRefused.class, () -> reserve(relay));

        assertThat(refused.why()).isEqualTo(Why.RELAYED);
        assertThat(relay.opened()).isZero();
    }

    @Test
    void takesNoSlotThatIsOver() {
        long now = NOW.getEpochSecond();

        assertThat(refusal(granted(now, NONE))).isEqualTo(Why.EXPIRED);
        assertThat(refusal(granted(0, NONE))).isEqualTo(Why.EXPIRED);
        assertThat(refusal(granted(now - 1, Vouchers.voucher(RELAY, SELF, now - 1))))
                .isEqualTo(Why.EXPIRED);
    }

    @Test
    void takesNoAnswerThatIsTooLong() {
        var padding = new byte[HopMessage.MAX_LENGTH];

        assertThat(refusal(granted(LATER, padding))).isEqualTo(Why.BAD_ANSWER);
    }

    @Test
    void takesNoSuccessWithoutASlot() {
        assertThat(refusal(new byte[] {8, 2, 40, 100})).isEqualTo(Why.BAD_ANSWER);
    }

    @Test
    void hasAReasonForEveryBentAnswer() {
        var random = new Random(5);
        var good = granted(LATER, Vouchers.voucher(RELAY, SELF, LATER));
        for (int i = 0; i < 2_000; i++) {
            var bent = good.clone();
            bent[random.nextInt(bent.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                assertThat(reserve(relay(bent)).relay()).isEqualTo(RELAY.peerId());
            } catch (ReservationRefused e) {
                assertThat(e.why()).isNotNull();
            }
        }
    }

    // --- circuits

    @Test
    @Clause("relay-client-11")
    void asksForNoCircuitThroughARelay() {
        var relay = relay(new byte[] {8, 2, 40, 100}).relayed();
        var circuit = CircuitAddress.of(through()).orElseThrow();

        var fault =
                catchThrowableOfType(
                        CircuitException.class, () -> client(relay).dial(circuit, peer("bob")));

        assertThat(fault.reason()).isEqualTo(DialException.Reason.RELAY_UNREACHABLE);
        assertThat(relay.opened()).isZero();
        assertThat(upgraded).isEmpty();
    }

    @Test
    void asksForACircuitOverADirectConnection() throws Exception {
        var relay = relay(new byte[] {8, 2, 40, 100});

        client(relay).dial(CircuitAddress.of(through()).orElseThrow(), peer("bob"));

        assertThat(upgraded).extracting(Circuit::remote).containsExactly(peer("bob"));
    }

    @Test
    void takesNoCircuitWithAnAnswerThatIsTooLong() {
        var relay = relay(granted(LATER, new byte[HopMessage.MAX_LENGTH]));

        assertThatThrownBy(() ->
                        client(relay).dial(CircuitAddress.of(through()).orElseThrow(), peer("bob")))
                .isInstanceOf(IOException.class);
        assertThat(upgraded).isEmpty();
    }

    private static Multiaddr through() {
        return CircuitAddress.through(HOME, RELAY.peerId());
    }
}
