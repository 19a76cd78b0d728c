// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import static network.chiral.edge.libp2p.testing.TestKeys.identity;
import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Joined;
import network.chiral.edge.libp2p.swarm.Reply;
import network.chiral.edge.libp2p.testing.FakeConversation;
import network.chiral.edge.libp2p.testing.FakeRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// From a request for a circuit to its end, as slow or gone peers let it happen.
class CircuitRequestsTest {
    private static final byte[] RESERVE = {8, 0};
    private static final byte[] OK = RelayCodec.toBytes(new StopMessage.Status(RelayStatus.OK));
    private static final byte[] FAILED =
            RelayCodec.toBytes(new HopMessage.Status(RelayStatus.CONNECTION_FAILED));
    private static final byte[] CONNECTED =
            RelayCodec.toBytes(new HopMessage.Connected(RelayLimits.UNLIMITED.allowance()));

    private final Map<PeerId, Connection> connected = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private final FakeConversation bob = new FakeConversation(peer("bob"), RESERVE).thinking();
    private boolean denied;
    private final RelayGate gate =
            new RelayGate() {
                @Override
                public Optional<Refusal> toBeReached(Connection connection) {
                    return denied ? Optional.of(Refusal.DESTINATION_DENIED) : Optional.empty();
                }
            };
    private final HopService hop =
            new HopService(
                    identity("relay"),
                    new RelayRules(RelayLimits.UNLIMITED, gate),
                    () -> List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/4001")),
                    id -> Optional.ofNullable(connected.get(id)),
                    Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC),
                    Runnable::run);

    @BeforeEach
    void bobHoldsASlot() {
        connected.put(peer("bob"), bob);
        hop.onRequest(new FakeRequest(bob, RESERVE));
        hop.addListener(
                new RelayListener() {
                    @Override
                    public void onCircuitOpened(PeerId source, PeerId destination) {
                        told.add("opened");
                    }

                    @Override
                    public void onCircuitRefused(PeerId source, PeerId destination, Refusal why) {
                        told.add(why.label());
                    }

                    @Override
                    public void onCircuitClosed(
                            PeerId source, PeerId destination, Joined joined, Duration lasted) {
                        told.add(joined.end().toString());
                    }
                });
    }

    private FakeRequest connect() {
        var connection = new FakeConversation(peer("alice"), RESERVE);
        var message = RelayCodec.toBytes(new HopMessage.Connect(peer("bob")));
        var request = new FakeRequest(connection, message);
        hop.onRequest(request);
        return request;
    }

    private List<FakeRequest> connect(int count) {
        var requests = new ArrayList<FakeRequest>();
        for (int i = 0; i < count; i++) {
            requests.add(connect());
        }
        return requests;
    }

    private void bobSays(byte[] answer) {
        bob.inquiries().remove().accept(Optional.of((Reply) () -> answer));
    }

    private void bobSaysNothing() {
        bob.inquiries().remove().accept(Optional.empty());
    }

    @Test
    @Clause("R13")
    void joinsTheSourceOnceTheDestinationHasSaidYes() {
        var alice = connect();
        assertThat(alice.answer()).isEmpty();

        bobSays(OK);

        assertThat(alice.isJoined()).isTrue();
        assertThat(alice.answer()).contains(CONNECTED);
        assertThat(told).containsExactly("opened");
        assertThat(hop.circuitCount()).isEqualTo(1);
    }

    @Test
    @Clause("R8")
    void tellsTheSourceWhereTheDestinationDoesNotAnswerWithOk() {
        var answers = List.of(FAILED, new byte[] {(byte) 0xff}, RESERVE);
        for (var answer : answers) {
            var alice = connect();
            bobSays(answer);
            assertThat(alice.answer()).contains(FAILED);
        }
        var alice = connect();
        bobSaysNothing();

        assertThat(alice.answer()).contains(FAILED);
        assertThat(told).hasSize(4).containsOnly("destination_failed");
        assertThat(hop.circuitCount()).isZero();
    }

    @Test
    void asksADestinationEightTimesAtOnceAndThenOneByOne() {
        connect(10);
        assertThat(bob.inquiries()).hasSize(8);

        bobSays(OK);

        assertThat(bob.inquiries()).hasSize(8);
        bobSaysNothing();
        bobSays(OK);
        assertThat(bob.inquiries()).hasSize(7);
    }

    @Test
    void tellsWhoWaitsTooLongForItsTurnAndAsksForItNoLonger() {
        var requests = connect(9);

        requests.forEach(FakeRequest::timePasses);

        assertThat(requests.getLast().answer()).contains(FAILED);
        assertThat(requests.getFirst().answer()).isEmpty();
        assertThat(hop.circuitCount()).isEqualTo(8);
        for (int i = 0; i < 8; i++) {
            bobSays(OK);
        }
        assertThat(bob.inquiries()).isEmpty();
        assertThat(hop.circuitCount()).isEqualTo(8);
    }

    @Test
    void doesNotAskForASourceThatLeftWhileItWaitedForItsTurn() {
        var requests = connect(9);
        requests.getLast().reset();

        for (int i = 0; i < 8; i++) {
            bobSaysNothing();
        }

        assertThat(bob.inquiries()).isEmpty();
        assertThat(requests.getLast().answer()).isEmpty();
        assertThat(hop.circuitCount()).isZero();
    }

    @Test
    void joinsNobodyToASourceThatLeftMeanwhile() {
        var alice = connect();
        alice.reset();

        bobSays(OK);

        assertThat(alice.isJoined()).isFalse();
        assertThat(told).isEmpty();
        assertThat(hop.circuitCount()).isZero();
    }

    @Test
    void answersAllWhoWaitForADestinationThatLeaves() {
        var requests = connect(20_000);
        connected.remove(peer("bob"));

        bobSaysNothing();

        var waited = requests.subList(8, 20_000);
        assertThat(waited).allSatisfy(one -> assertThat(one.answer()).contains(FAILED));
        assertThat(hop.circuitCount()).isEqualTo(7);
    }

    @Test
    @Clause("relay-acl-2")
    void endsACircuitThatTheGateRefusesMeanwhile() {
        var alice = connect();
        denied = true;

        bobSays(OK);

        assertThat(alice.isEnded()).isTrue();
        assertThat(told).containsExactly("opened", "STOPPED");
        assertThat(hop.circuitCount()).isZero();
    }
}
