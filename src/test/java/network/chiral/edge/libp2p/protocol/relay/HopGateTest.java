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
import network.chiral.edge.libp2p.multiformats.IpPrefix;
import network.chiral.edge.libp2p.multiformats.IpPrefixMap;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Rate;
import network.chiral.edge.libp2p.testing.FakeConversation;
import network.chiral.edge.libp2p.testing.FakeRequest;
import network.chiral.edge.libp2p.wire.MalformedMessage;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.junit.jupiter.api.Test;

/// Who is served at all, and how often.
class HopGateTest {
    private static final byte[] RESERVE = {8, 0};
    private static final RelayLimits OPEN = RelayLimits.UNLIMITED;

    private Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private final Map<PeerId, Connection> connected = new HashMap<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<PeerId> released = new ArrayList<>();
    private final List<PeerId> denied = new ArrayList<>();

    private HopService hop(RelayLimits limits) {
        var gate =
                new RelayGate() {
                    @Override
                    public Optional<Refusal> toReserve(Connection connection) {
                        return rule(connection, Refusal.DENIED);
                    }

                    @Override
                    public Optional<Refusal> toConnect(Connection connection) {
                        return rule(connection, Refusal.DENIED);
                    }

                    @Override
                    public Optional<Refusal> toBeReached(Connection connection) {
                        return rule(connection, Refusal.DESTINATION_DENIED);
                    }

                    private Optional<Refusal> rule(Connection connection, Refusal why) {
                        return denied.contains(connection.remotePeer())
                                ? Optional.of(why)
                                : Optional.empty();
                    }
                };
        var hop =
                new HopService(
                        identity("relay"),
                        new RelayRules(limits, gate),
                        () -> List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/4001")),
                        id -> Optional.ofNullable(connected.get(id)),
                        new Clock() {
                            @Override
                            public Instant instant() {
                                return now;
                            }

                            @Override
                            public ZoneOffset getZone() {
                                return ZoneOffset.UTC;
                            }

                            @Override
                            public Clock withZone(java.time.ZoneId zone) {
                                return this;
                            }
                        },
                        Runnable::run);
        hop.addListener(
                new RelayListener() {
                    @Override
                    public void onReservationRefused(PeerId peer, Refusal why) {
                        refusals.add(why);
                    }

                    @Override
                    public void onCircuitRefused(PeerId source, PeerId destination, Refusal why) {
                        refusals.add(why);
                    }

                    @Override
                    public void onReservationReleased(PeerId peer) {
                        released.add(peer);
                    }
                });
        return hop;
    }

    private RelayStatus ask(HopService hop, FakeConversation request) throws Exception {
        connected.put(request.remotePeer(), request);
        var asked = new FakeRequest(request, request.readMessage(HopService.MAX_REQUEST));
        hop.onRequest(asked);
        return statusOf(asked.answer().orElseThrow());
    }

    private static RelayStatus statusOf(byte[] answer) throws MalformedMessage {
        return RelayCodec.parseHop(answer) instanceof HopMessage.Status(var status)
                ? status
                : RelayStatus.UNUSED;
    }

    private static FakeConversation reserve(String name) {
        return new FakeConversation(peer(name), RESERVE);
    }

    private static FakeConversation connect(String name, String destination) {
        var request = new ProtoWriter().number(1, 1);
        request.message(2, new ProtoWriter().bytes(1, peer(destination).bytes()));
        return new FakeConversation(peer(name), request.toBytes());
    }

    @Test
    @Clause({"R4", "relay-relayed-1"})
    void givesNoSlotOverARelayedConnection() throws Exception {
        var hop = hop(OPEN);

        var status = ask(hop, reserve("alice").relayed());

        assertThat(status).isEqualTo(RelayStatus.PERMISSION_DENIED);
        assertThat(refusals).containsExactly(Refusal.RELAYED);
        assertThat(hop.reservationCount()).isZero();
    }

    @Test
    @Clause({"R5", "relay-relayed-2"})
    void opensNoCircuitOverARelayedConnection() throws Exception {
        var hop = hop(OPEN);
        ask(hop, reserve("bob"));

        var status = ask(hop, connect("alice", "bob").relayed());

        assertThat(status).isEqualTo(RelayStatus.PERMISSION_DENIED);
        assertThat(hop.circuitCount()).isZero();
    }

    @Test
    @Clause({"R10", "relay-acl-1"})
    void refusesWhomTheGateRefuses() throws Exception {
        var hop = hop(OPEN);
        ask(hop, reserve("bob"));
        denied.add(peer("mallory"));

        assertThat(ask(hop, reserve("mallory"))).isEqualTo(RelayStatus.PERMISSION_DENIED);
        assertThat(ask(hop, connect("mallory", "bob"))).isEqualTo(RelayStatus.PERMISSION_DENIED);
        assertThat(ask(hop, connect("alice", "bob"))).isEqualTo(RelayStatus.CONNECTION_FAILED);
    }

    @Test
    @Clause({"R10", "relay-acl-2"})
    void takesTheSlotOfWhomTheGateRefusesFromNowOn() throws Exception {
        var hop = hop(OPEN);
        ask(hop, reserve("mallory"));
        ask(hop, reserve("bob"));
        denied.add(peer("mallory"));
        assertThat(ask(hop, connect("alice", "mallory"))).isEqualTo(RelayStatus.PERMISSION_DENIED);
        assertThat(refusals).containsExactly(Refusal.DESTINATION_DENIED);

        hop.reconsider();

        assertThat(released).containsExactly(peer("mallory"));
        assertThat(hop.isReserved(peer("bob"))).isTrue();
    }

    @Test
    @Clause("R12")
    void dialsNobody() throws Exception {
        var hop = hop(OPEN);
        var request = new ProtoWriter().number(1, 1);
        var address = Multiaddr.parse("/ip4/127.0.0.1/tcp/1").bytes();
        request.message(2, new ProtoWriter().bytes(1, peer("bob").bytes()).bytes(2, address));

        var status = ask(hop, new FakeConversation(peer("alice"), request.toBytes()));

        assertThat(status).isEqualTo(RelayStatus.NO_RESERVATION);
    }

    @Test
    @Clause("R18")
    void givesNothingWhileItIsOffAndEverythingWhenItIsOnAgain() throws Exception {
        var hop = hop(OPEN);
        ask(hop, reserve("alice"));

        hop.serve(false);

        assertThat(released).containsExactly(peer("alice"));
        assertThat(ask(hop, reserve("alice"))).isEqualTo(RelayStatus.PERMISSION_DENIED);
        assertThat(ask(hop, connect("bob", "alice"))).isEqualTo(RelayStatus.PERMISSION_DENIED);
        hop.serve(true);
        assertThat(ask(hop, reserve("alice"))).isEqualTo(RelayStatus.OK);
    }

    @Test
    @Clause("R3")
    void neverRefusesARenewalHoweverOftenAPeerAsks() throws Exception {
        var hop = hop(OPEN.with(AdmissionLimits.RUST));

        for (int i = 0; i < 1_000; i++) {
            assertThat(ask(hop, reserve("alice"))).isEqualTo(RelayStatus.OK);
            now = now.plusSeconds(1);
        }

        assertThat(hop.reservationCount()).isEqualTo(1);
    }

    @Test
    @Clause("relay-rate-1")
    void givesAPeerThatComesAndGoesThirtySlotsAndOneMoreEveryTwoMinutes() throws Exception {
        var hop = hop(OPEN.with(AdmissionLimits.RUST));
        for (int i = 0; i < 30; i++) {
            assertThat(comeAndGo(hop, "alice")).isEqualTo(RelayStatus.OK);
        }

        assertThat(comeAndGo(hop, "alice")).isEqualTo(RelayStatus.RESERVATION_REFUSED);
        now = now.plus(Duration.ofMinutes(2));

        assertThat(comeAndGo(hop, "alice")).isEqualTo(RelayStatus.OK);
        assertThat(comeAndGo(hop, "alice")).isEqualTo(RelayStatus.RESERVATION_REFUSED);
        assertThat(refusals)
                .containsExactly(
                        Refusal.RESERVATION_RATE_PER_PEER, Refusal.RESERVATION_RATE_PER_PEER);
    }

    private RelayStatus comeAndGo(HopService hop, String name) throws Exception {
        var request = reserve(name);
        var status = ask(hop, request);
        hop.onDisconnected(request, true, "gone");
        return status;
    }

    @Test
    @Clause("relay-rate-2")
    void countsRequestsByAddressUnlessItIsTrusted() throws Exception {
        var rates = AdmissionLimits.RUST;
        var office = new IpPrefixMap<>(Map.of(IpPrefix.parse("198.51.100.7"), 0));
        var hop =
                hop(
                        OPEN.with(
                                new AdmissionLimits(
                                        List.of(),
                                        0,
                                        Rate.NONE,
                                        rates.reservationsPerAddress(),
                                        Rate.NONE,
                                        Rate.NONE,
                                        office)));
        for (int i = 0; i < 60; i++) {
            assertThat(ask(hop, reserve("peer " + i))).isEqualTo(RelayStatus.OK);
        }

        assertThat(ask(hop, reserve("one more"))).isEqualTo(RelayStatus.RESERVATION_REFUSED);

        assertThat(refusals).containsExactly(Refusal.RESERVATION_RATE_PER_ADDRESS);
        assertThat(ask(hop, reserve("elsewhere").from("192.0.2.9"))).isEqualTo(RelayStatus.OK);
        for (int i = 0; i < 100; i++) {
            assertThat(ask(hop, reserve("worker " + i).from("198.51.100.7")))
                    .isEqualTo(RelayStatus.OK);
        }
    }

    @Test
    @Clause("relay-rate-3")
    void countsCircuitsByTheirSourceWhereTheDestinationHoldsASlot() throws Exception {
        var hop = hop(OPEN.with(AdmissionLimits.RUST));
        ask(hop, reserve("bob"));
        for (int i = 0; i < 100; i++) {
            assertThat(ask(hop, connect("alice", "nobody"))).isEqualTo(RelayStatus.NO_RESERVATION);
        }
        for (int i = 0; i < 30; i++) {
            assertThat(ask(hop, connect("alice", "bob"))).isEqualTo(RelayStatus.CONNECTION_FAILED);
        }

        var status = ask(hop, connect("alice", "bob"));

        assertThat(status).isEqualTo(RelayStatus.RESOURCE_LIMIT_EXCEEDED);
        assertThat(refusals).endsWith(Refusal.CIRCUIT_RATE_PER_PEER);
        assertThat(hop.circuitCount()).isZero();
    }

    @Test
    @Clause("relay-nat-1")
    void givesAnOfficeOfAThousandClientsItsSlotsBackWithinTenSeconds() throws Exception {
        var hop = hop(RelayLimits.CHIRAL);

        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 1_000; i++) {
                var client = new FakeConversation(ReservationTableTest.anyPeer(i), RESERVE);
                assertThat(ask(hop, client)).isEqualTo(RelayStatus.OK);
            }
            assertThat(hop.reservationCount()).isEqualTo(1_000);
            for (int i = 0; i < 1_000; i++) {
                hop.onDisconnected(
                        new FakeConversation(ReservationTableTest.anyPeer(i), RESERVE),
                        true,
                        "restart");
            }
            now = now.plusSeconds(10);
        }

        assertThat(refusals).isEmpty();
    }

    @Test
    @Clause({"R6", "relay-slots-1"})
    void losesNoSlotInTenThousandReservationsThatWereDropped() throws Exception {
        var hop = hop(new RelayLimits(1, Duration.ofHours(1), 1, 0, 0, Allowance.UNLIMITED));

        for (int i = 0; i < 10_000; i++) {
            var client = new FakeConversation(ReservationTableTest.anyPeer(i), RESERVE);
            assertThat(ask(hop, client)).as("client %d", i).isEqualTo(RelayStatus.OK);
            connected.remove(client.remotePeer());
            hop.onDisconnected(client, true, "gone");
        }

        assertThat(hop.reservationCount()).isZero();
    }
}
