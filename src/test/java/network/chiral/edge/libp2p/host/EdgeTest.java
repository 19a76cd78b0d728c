// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.protocol.relay.HopMessage;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.protocol.relay.RelayCodec;
import network.chiral.edge.libp2p.protocol.relay.RelayLimits;
import network.chiral.edge.libp2p.protocol.relay.client.EdgeListener;
import network.chiral.edge.libp2p.protocol.relay.client.ReservationRefused;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.swarm.CircuitAddress;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.DialException;
import network.chiral.edge.libp2p.swarm.Inquiry;
import network.chiral.edge.libp2p.swarm.RequestHandler;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import network.chiral.edge.libp2p.swarm.ServedProtocol.Requests;
import network.chiral.edge.libp2p.testing.Eventually;
import network.chiral.edge.libp2p.testing.TestHosts;
import network.chiral.edge.libp2p.testing.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A relay, a host behind it and one that wants to reach it, on loopback.
@Timeout(90)
class EdgeTest {
    private final NioEventLoopGroup loops = new NioEventLoopGroup(3);
    private final List<Host> hosts = new ArrayList<>();

    @AfterEach
    void stop() {
        hosts.forEach(Host::close);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private Host started(HostSettings settings) throws IOException {
        var host = TestHosts.start(settings, loops);
        hosts.add(host);
        return host;
    }

    private Host relay(String name) throws IOException {
        return started(TestHosts.settings(name));
    }

    /// A host that listens nowhere and asks `relays` for slots.
    private Host edge(int reservations, Host... relays) throws IOException {
        var wishes = new EdgeSettings(addresses(relays), reservations, List.of());
        var edge = started(TestHosts.settings("edge").listen(List.of()).edge(wishes));
        edge.edge().activate(true);
        return edge;
    }

    private static List<Multiaddr> addresses(Host... relays) {
        return List.of(relays).stream().map(EdgeTest::address).toList();
    }

    private static Multiaddr address(Host host) {
        return host.listening().getFirst().withPeer(host.peerId().bytes());
    }

    private static Multiaddr through(Host relay, PeerId peer) {
        return CircuitAddress.through(relay.listening().getFirst(), relay.peerId())
                .withPeer(peer.bytes());
    }

    private static void awaitReservations(Host edge, int count) {
        Eventually.holds(count + " reservations", () -> edge.edge().reservations().size() == count);
    }

    // --- being reached

    @Test
    @Clause({"relay-client-1", "relay-client-3"})
    void isReachedThroughTheRelayWhereItHoldsASlot() throws Exception {
        var relay = relay("relay");
        var edge = edge(1, relay);
        awaitReservations(edge, 1);
        var dialler = started(TestHosts.settings("dialler").listen(List.of()));

        var connection = dialler.dial(edge.peerId(), List.of(through(relay, edge.peerId())), false);

        assertThat(connection.remotePeer()).isEqualTo(edge.peerId());
        assertThat(connection.isRelayed()).isTrue();
        assertThat(connection.remoteAddress())
                .isEqualTo(CircuitAddress.through(relay.listening().getFirst(), relay.peerId()));
        assertThat(connection.limit()).contains(RelayLimits.CHIRAL.allowance());
        assertThat(dialler.ping(connection)).isPositive();
        Eventually.holds("seen", () -> edge.connection(dialler.peerId()).isPresent());
        var seen = edge.connection(dialler.peerId()).orElseThrow();
        assertThat(seen.direction()).isEqualTo(Connection.Direction.INBOUND);
        assertThat(seen.isRelayed()).isTrue();
        assertThat(seen.limit()).contains(RelayLimits.CHIRAL.allowance());
        assertThat(edge.ping(seen)).isPositive();
    }

    @Test
    void tellsBothEndsOfACircuitWhoTheOtherIs() throws Exception {
        var relay = relay("relay");
        var edge = edge(1, relay);
        awaitReservations(edge, 1);
        var dialler = started(TestHosts.settings("dialler").listen(List.of()));

        dialler.dial(edge.peerId(), List.of(through(relay, edge.peerId())), false);

        Eventually.holds("known", () -> dialler.info(edge.peerId()).isPresent());
        Eventually.holds("known here", () -> edge.info(dialler.peerId()).isPresent());
        assertThat(dialler.info(edge.peerId()).orElseThrow().listenAddresses())
                .isEqualTo(edge.announced())
                .allMatch(Multiaddr::isCircuit)
                .isNotEmpty();
    }

    @Test
    void answersStopOnlyWhileItIsAnEdge() throws Exception {
        var relay = relay("relay");
        var edge = edge(1, relay);
        awaitReservations(edge, 1);
        var dialler = started(TestHosts.settings("dialler").listen(List.of()));

        edge.edge().activate(false);

        assertThat(edge.announced()).isEmpty();
        var fault =
                catchThrowableOfType(
                        DialException.class,
                        () ->
                                dialler.dial(
                                        edge.peerId(),
                                        List.of(through(relay, edge.peerId())),
                                        false));
        assertThat(fault.reasons().values())
                .containsExactly(DialException.Reason.RELAY_CONNECTION_FAILED);
    }

    @Test
    void triesDirectAddressesFirst() throws Exception {
        var relay = relay("relay");
        var wishes = new EdgeSettings(addresses(relay), 1, List.of());
        var edge = started(TestHosts.settings("edge").edge(wishes));
        edge.edge().activate(true);
        awaitReservations(edge, 1);
        var dialler = started(TestHosts.settings("dialler").listen(List.of()));

        var connection =
                dialler.dial(
                        edge.peerId(),
                        List.of(through(relay, edge.peerId()), edge.listening().getFirst()),
                        false);

        assertThat(connection.isRelayed()).isFalse();
    }

    @Test
    void takesTheCircuitWhereTheDirectAddressFails() throws Exception {
        var relay = relay("relay");
        var edge = edge(1, relay);
        awaitReservations(edge, 1);
        var dialler = started(TestHosts.settings("dialler").listen(List.of()));

        var connection =
                dialler.dial(
                        edge.peerId(),
                        List.of(
                                through(relay, edge.peerId()),
                                Multiaddr.parse("/ip4/127.0.0.1/tcp/1")),
                        false);

        assertThat(connection.isRelayed()).isTrue();
    }

    @Test
    @Clause("relay-client-10")
    void saysWhatTheRelaySaid() throws Exception {
        var relay = relay("relay");
        var dialler = started(TestHosts.settings("dialler").listen(List.of()));
        var absent = TestHosts.settings("absent").identity().peerId();

        var fault =
                catchThrowableOfType(
                        DialException.class,
                        () -> dialler.dial(absent, List.of(through(relay, absent)), false));

        assertThat(fault.reasons().values())
                .containsExactly(DialException.Reason.RELAY_NO_RESERVATION);
    }

    @Test
    @Clause("relay-client-14")
    void takesNoCircuitThatLeadsToSomebodyElse() throws Exception {
        var relay = relay("relay");
        var edge = edge(1, relay);
        awaitReservations(edge, 1);
        var dialler = started(TestHosts.settings("dialler").listen(List.of()));
        try (var liar = new TestNode("liar", loops)) {
            // a relay that joins whoever asks to the edge
            var patience = Duration.ofMinutes(1);
            var other = new Inquiry(HopService.HOP, connectTo(edge.peerId()), 4096, patience);
            RequestHandler handler =
                    request ->
                            dialler.connection(relay.peerId())
                                    .orElseThrow()
                                    .inquire(
                                            other,
                                            reply ->
                                                    request.join(
                                                            reply.orElseThrow().message(),
                                                            reply.get(),
                                                            Allowance.UNLIMITED,
                                                            List.of()));
            liar.swarm()
                    .serve(
                            new ServedProtocol(
                                    HopService.HOP, new Requests(handler, 4096), 1, patience));
            dialler.dial(relay.peerId(), relay.listening(), false);
            var wanted = TestHosts.settings("absent").identity().peerId();
            var address = CircuitAddress.through(liar.address(), liar.peerId());

            var fault =
                    catchThrowableOfType(
                            DialException.class,
                            () -> dialler.dial(wanted, List.of(address), false));

            assertThat(fault.reasons().values()).containsExactly(DialException.Reason.HANDSHAKE);
        }
    }

    private static byte[] connectTo(PeerId peer) {
        var id = peer.bytes();
        var message = new byte[6 + id.length];
        message[0] = 8;
        message[1] = 1;
        message[2] = 18;
        message[3] = (byte) (2 + id.length);
        message[4] = 10;
        message[5] = (byte) id.length;
        System.arraycopy(id, 0, message, 6, id.length);
        return message;
    }

    // --- keeping slots

    @Test
    @Clause("relay-client-5")
    void renewsItsSlotBeforeItEnds() throws Exception {
        var brief = RelayLimits.CHIRAL;
        var limits =
                new RelayLimits(
                        brief.reservations(),
                        Duration.ofSeconds(4),
                        brief.reservationsPerAddress(),
                        brief.circuits(),
                        brief.circuitsPerPeer(),
                        brief.allowance());
        var relay = started(TestHosts.settings("relay").relay(limits));
        var edge = edge(1, relay);
        awaitReservations(edge, 1);
        var first = edge.edge().reservations().getFirst().expires();

        Eventually.holds(
                "renewed",
                () ->
                        edge.edge().reservations().stream()
                                .anyMatch(slot -> slot.expires().isAfter(first.plusSeconds(3))));

        assertThat(relay.relay().isReserved(edge.peerId())).isTrue();
    }

    @Test
    @Clause("relay-client-6")
    void goesToAnotherRelayWhenItsOwnIsGone() throws Exception {
        var first = relay("relay-1");
        var second = relay("relay-2");
        var edge = edge(1, first, second);
        awaitReservations(edge, 1);
        assertThat(edge.edge().reservations().getFirst().relay()).isEqualTo(first.peerId());

        first.close();

        Eventually.holds(
                "a slot at the other",
                () ->
                        edge.edge().reservations().stream()
                                .anyMatch(slot -> slot.relay().equals(second.peerId())));
        assertThat(edge.announced())
                .isNotEmpty()
                .allMatch(address -> address.toString().contains(second.peerId().toString()));
    }

    @Test
    @Clause("relay-client-18")
    void goesToAnotherRelayWhenItsOwnIsDrained() throws Exception {
        var first = relay("relay-1");
        var second = relay("relay-2");
        var edge = edge(1, first, second);
        awaitReservations(edge, 1);
        Eventually.holds("introduced", () -> first.info(edge.peerId()).isPresent());

        first.drain();

        Eventually.holds(
                "a slot at the other",
                () ->
                        edge.edge().reservations().stream()
                                .anyMatch(slot -> slot.relay().equals(second.peerId())));
    }

    @Test
    @Clause("relay-client-18")
    void goesToAnotherRelayWhenItsOwnSaysGoAway() throws Exception {
        var second = relay("relay-2");
        try (var first = grantingNode("relay-1")) {
            var address = first.address().withPeer(first.peerId().bytes());
            var relays = List.of(address, address(second));
            var edge =
                    started(
                            TestHosts.settings("edge")
                                    .listen(List.of())
                                    .edge(new EdgeSettings(relays, 1, List.of())));
            edge.edge().activate(true);
            awaitReservationAt(edge, first.peerId());

            first.swarm().goAway(edge.peerId());

            awaitReservationAt(edge, second.peerId());
            assertThat(edge.edge().reservations()).hasSize(1);
            assertThat(edge.connection(first.peerId())).as("still open").isPresent();
        }
    }

    private static void awaitReservationAt(Host edge, PeerId relay) {
        Eventually.holds(
                "a slot at " + relay,
                () ->
                        edge.edge().reservations().stream()
                                .anyMatch(slot -> slot.relay().equals(relay)));
    }

    /// A node that speaks nothing but hop, and gives everybody a slot without a voucher.
    private TestNode grantingNode(String name) throws IOException {
        var node = new TestNode(name, loops);
        node.serve(
                HopService.HOP,
                stream -> {
                    stream.readMessage(4096);
                    var expires = Instant.now().plus(Duration.ofHours(1));
                    stream.writeMessage(
                            RelayCodec.toBytes(
                                    new HopMessage.Granted(
                                            expires,
                                            List.of(node.address()),
                                            new byte[0],
                                            Allowance.UNLIMITED)));
                });
        return node;
    }

    @Test
    @Clause("relay-client-2")
    void hearsWhyARelayGivesItNoSlot() throws Exception {
        var relay = relay("relay");
        relay.relay().drain(); // which answers RESOURCE_LIMIT_EXCEEDED
        var edge = edge(1);
        var refusals = new LinkedBlockingQueue<ReservationRefused.Why>();
        edge.edge()
                .addListener(
                        new EdgeListener() {
                            @Override
                            public void onRefused(
                                    PeerId from, ReservationRefused why, boolean renewal) {
                                refusals.add(why.why());
                            }
                        });

        edge.dial(relay.peerId(), relay.listening(), false);

        assertThat(refusals.poll(60, TimeUnit.SECONDS))
                .isEqualTo(ReservationRefused.Why.RESOURCE_LIMIT_EXCEEDED);
        assertThat(edge.edge().reservations()).isEmpty();
    }

    @Test
    void asksAPeerThatTurnsOutToBeARelay() throws Exception {
        var relay = relay("relay");
        var edge = edge(2);

        edge.dial(relay.peerId(), relay.listening(), false);

        awaitReservations(edge, 1);
        assertThat(relay.relay().isReserved(edge.peerId())).isTrue();
    }

    @Test
    void tellsItsPeersWhereItIsReachedNow() throws Exception {
        var relay = relay("relay");
        var friend = relay("friend");
        var edge = edge(1, relay);
        awaitReservations(edge, 1);
        edge.dial(friend.peerId(), friend.listening(), false);
        Eventually.holds("introduced", () -> friend.info(edge.peerId()).isPresent());

        relay.close();

        Eventually.holds(
                "told",
                () ->
                        friend.info(edge.peerId())
                                .map(info -> info.listenAddresses().toString())
                                .orElse("")
                                .contains(friend.peerId().toString()));
    }

    // --- bytes

    @Test
    @Clause({"relay-client-9", "relay-client-14"})
    void carriesManyBytesBothWaysOverACircuit() throws Exception {
        var relay = relay("relay");
        var edge = edge(1, relay);
        awaitReservations(edge, 1);
        var dialler = started(TestHosts.settings("dialler").listen(List.of()));
        var connection = dialler.dial(edge.peerId(), List.of(through(relay, edge.peerId())), false);
        var sent = new byte[8 << 20];
        new java.util.Random(1).nextBytes(sent);

        var stream = connection.open(network.chiral.edge.libp2p.protocol.ping.PingClient.PROTOCOL);
        var writer =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                for (int at = 0; at < sent.length; at += 65_536) {
                                    stream.write(
                                            java.util.Arrays.copyOfRange(sent, at, at + 65_536));
                                }
                                stream.closeWrite();
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        });
        var got = stream.read(sent.length);
        writer.join();

        assertThat(got).isEqualTo(sent);
        assertThat(stream.atEnd()).isTrue();
    }
}
