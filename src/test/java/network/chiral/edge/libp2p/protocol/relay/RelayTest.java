// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.relay;

import static network.chiral.edge.libp2p.testing.TestKeys.CRYPTO;
import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.identity.SignedEnvelope;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.swarm.ConnectionLimits;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.swarm.StreamHandler;
import network.chiral.edge.libp2p.testing.Eventually;
import network.chiral.edge.libp2p.testing.TestHosts;
import network.chiral.edge.libp2p.testing.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(90)
class RelayTest {
    private static final byte[] RESERVE = {8, 0};
    private static final byte[] STOP_OK = HexFormat.of().parseHex("08012064");

    private final NioEventLoopGroup loops = new NioEventLoopGroup(3);
    private final List<AutoCloseable> open = new ArrayList<>();
    private final BlockingQueue<Stream> stops = new LinkedBlockingQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private Host relay;
    private TestNode alice;
    private TestNode bob;

    @BeforeEach
    void start() throws Exception {
        relay(RelayLimits.CHIRAL);
        alice = node("alice");
        bob = node("bob");
        serveStop(
                bob,
                stream -> {
                    stream.readMessage(4096);
                    stream.writeMessage(STOP_OK);
                    stops.add(stream);
                    over.await();
                });
    }

    private void relay(RelayLimits limits) throws IOException {
        relay = TestHosts.start("relay", loops, limits, ConnectionLimits.DEFAULT);
        open.add(relay);
    }

    private TestNode node(String name) throws IOException {
        var node = new TestNode(name, loops);
        open.add(node);
        return node;
    }

    private static void serveStop(TestNode node, StreamHandler handler) {
        node.serve(HopService.STOP, handler);
    }

    @AfterEach
    void stop() throws Exception {
        over.countDown();
        for (var one : open) {
            one.close();
        }
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    // --- reservations

    @Test
    @Clause({"R1", "R2", "relay-limit-told"})
    void grantsAReservationThatAClientCanHandOn() throws Exception {
        long now = Instant.now().getEpochSecond();

        var answer = ask(alice, RESERVE);

        assertThat(status(answer)).isEqualTo(100);
        var reservation = message(answer, 3);
        assertThat(number(reservation, 1)).isBetween(now + 3_595, now + 3_660);
        assertThat(reservation.getField(2).getLengthDelimitedList())
                .isNotEmpty()
                .allSatisfy(bytes -> {
                    var address = Multiaddr.ofBytes(bytes.toByteArray());
                    assertThat(address.toString()).endsWith("/p2p/" + relay.peerId());
                    assertThat(address.isCircuit()).isFalse();
                });
        assertThat(number(message(answer, 4), 1)).isEqualTo(1_800);
        assertThat(number(message(answer, 4), 2)).isEqualTo(128 << 20);
    }

    @Test
    @Clause({"R20", "relay-voucher-1", "relay-voucher-2"})
    void signsAVoucherForTheReservation() throws Exception {
        var reservation = message(ask(alice, RESERVE), 3);

        var envelope = SignedEnvelope.parse(bytes(reservation, 3));
        var voucher = UnknownFieldSet.parseFrom(envelope.payload());

        assertThat(envelope.verify(CRYPTO, "libp2p-relay-rsvp")).isTrue();
        assertThat(PeerId.of(envelope.publicKey())).isEqualTo(relay.peerId());
        assertThat(bytes(voucher, 1)).isEqualTo(relay.peerId().bytes());
        assertThat(bytes(voucher, 2)).isEqualTo(alice.peerId().bytes());
        assertThat(number(voucher, 3)).isEqualTo(number(reservation, 1));
    }

    @Test
    @Clause({"R3"})
    void countsARenewalOnce() throws Exception {
        ask(alice, RESERVE);

        var answer = ask(alice, RESERVE);

        assertThat(status(answer)).isEqualTo(100);
        assertThat(relay.relay().reservationCount()).isEqualTo(1);
    }

    @Test
    @Clause({"R6", "R9"})
    void refusesAReservationWhereAllSlotsAreHeldUntilOneLeaves() throws Exception {
        relay(limits(1, 0));
        ask(alice, RESERVE);
        assertThat(status(ask(bob, RESERVE))).isEqualTo(200);

        alice.close();
        Eventually.holds("the slot is free", () -> relay.relay().reservationCount() == 0);

        assertThat(status(ask(bob, RESERVE))).isEqualTo(100);
    }

    @Test
    void grantsThirtyPeersOfOneAddressAReservationByDefault() throws Exception {
        for (int i = 0; i < 30; i++) {
            assertThat(status(ask(node("peer " + i), RESERVE))).as("peer %d", i).isEqualTo(100);
        }

        assertThat(relay.relay().reservationCount()).isEqualTo(30);
    }

    @Clause({"R9"})
    @Test
    void grantsAsManyPeersOfOneAddressAReservationAsItWasTold() throws Exception {
        relay(new RelayLimits(0, Duration.ofHours(1), 100, 0, 0, Allowance.UNLIMITED));
        for (int i = 0; i < 100; i++) {
            assertThat(status(ask(node("peer " + i), RESERVE))).as("peer %d", i).isEqualTo(100);
        }

        assertThat(status(ask(alice, RESERVE))).isEqualTo(200);
    }

    // --- requests that get a status

    @ParameterizedTest
    @CsvSource({
        "ffff, 400", // undecodable
        "0801, 400", // CONNECT without a peer
        "080112050a03aabbcc, 400", // with a bad peer id
        "0807, 400", // of no known type
        "08022864, 401", // a STATUS, which no client sends
        "'', 100", // an absent type is RESERVE
    })
    @Clause({"R11", "relay-status-1"})
    void answersEveryRequestWithAStatus(String hex, int expected) throws Exception {
        var answer = ask(alice, HexFormat.of().parseHex(hex));

        assertThat(status(answer)).isEqualTo(expected);
    }

    @Test
    @Clause({"R11", "relay-status-1"})
    void answersARequestOf5000BytesWithMalformed() throws Exception {
        var answer = ask(alice, new byte[5_000]);

        assertThat(status(answer)).isEqualTo(400);
    }

    @Test
    @Clause({"R7"})
    void knowsNoReservationOfAStrangerNorOfItself() throws Exception {
        assertThat(status(ask(alice, connect(peer("stranger"))))).isEqualTo(204);
        assertThat(status(ask(alice, connect(relay.peerId())))).isEqualTo(204);
    }

    @Test
    @Clause({"R6"})
    void knowsNoReservationOfADestinationThatHasLeft() throws Exception {
        ask(bob, RESERVE);
        bob.close();
        Eventually.holds("it has left", () -> relay.connection(bob.peerId()).isEmpty());

        assertThat(status(ask(alice, connect(bob.peerId())))).isEqualTo(204);
    }

    @Test
    @Clause({"R8"})
    void saysThatADestinationFailedThatDoesNotSpeakStop() throws Exception {
        var mute = node("mute");
        ask(mute, RESERVE);

        assertThat(status(ask(alice, connect(mute.peerId())))).isEqualTo(203);
        assertThat(relay.relay().circuitCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"080120ca01", "0800", "ffff", "08012864"})
    @Clause({"R8", "R14"})
    void saysThatADestinationFailedThatAnswersAnythingButOk(String hex) throws Exception {
        var shy = node("shy");
        serveStop(
                shy,
                stream -> {
                    stream.readMessage(4096);
                    stream.writeMessage(HexFormat.of().parseHex(hex));
                });
        ask(shy, RESERVE);

        assertThat(status(ask(alice, connect(shy.peerId())))).isEqualTo(203);
        assertThat(relay.relay().circuitCount()).isZero();
    }

    @Test
    @Clause({"R8"})
    void saysThatADestinationFailedThatResetsOrLeaves() throws Exception {
        var rude = node("rude");
        serveStop(rude, Stream::reset);
        var fleeing = node("fleeing");
        serveStop(fleeing, stream -> stream.connection().close());
        ask(rude, RESERVE);
        ask(fleeing, RESERVE);

        assertThat(status(ask(alice, connect(rude.peerId())))).isEqualTo(203);
        assertThat(status(ask(alice, connect(fleeing.peerId())))).isEqualTo(203);
    }

    @Test
    @Clause({"R9"})
    void refusesMoreCircuitsThanOnePeerMayHaveUntilOneEnds() throws Exception {
        relay(limits(0, 1));
        ask(bob, RESERVE);
        var first = hop(alice);
        assertThat(status(ask(first, connect(bob.peerId())))).isEqualTo(100);
        assertThat(status(ask(alice, connect(bob.peerId())))).isEqualTo(201);

        first.reset();
        Eventually.holds("it has ended", () -> relay.relay().circuitCount() == 0);

        assertThat(status(ask(alice, connect(bob.peerId())))).isEqualTo(100);
    }

    // --- circuits

    @Test
    @Clause({"R13", "relay-stop-1"})
    void tellsTheDestinationWhoTheSourceIsAndWhatItMayUse() throws Exception {
        var requests = new LinkedBlockingQueue<byte[]>();
        var target = node("target");
        serveStop(
                target,
                stream -> {
                    requests.add(stream.readMessage(4096));
                    stream.writeMessage(STOP_OK);
                    over.await();
                });
        ask(target, RESERVE);

        var answer = ask(alice, connect(target.peerId()));

        var request = UnknownFieldSet.parseFrom(requests.poll(30, TimeUnit.SECONDS));
        assertThat(number(request, 1)).isZero();
        assertThat(bytes(message(request, 2), 1)).isEqualTo(alice.peerId().bytes());
        assertThat(number(message(request, 3), 1)).isEqualTo(1_800);
        assertThat(number(message(request, 3), 2)).isEqualTo(128 << 20);
        assertThat(status(answer)).isEqualTo(100);
    }

    @Test
    @Clause({"R14"})
    void losesNoByteThatComesRightBehindAHandshake() throws Exception {
        var talkative = node("talkative");
        serveStop(
                talkative,
                stream -> {
                    stream.readMessage(4096);
                    stream.write(HexFormat.of().parseHex("0408012064" + "686921")); // OK, and "hi!"
                    stops.add(stream);
                    over.await();
                });
        ask(talkative, RESERVE);
        var source = hop(alice);

        source.writeMessage(connect(talkative.peerId()));
        source.write("early".getBytes());

        assertThat(status(UnknownFieldSet.parseFrom(source.readMessage(4096)))).isEqualTo(100);
        assertThat(source.read(3)).asString().isEqualTo("hi!");
        assertThat(stops.poll(30, TimeUnit.SECONDS).read(5)).asString().isEqualTo("early");
    }

    @ParameterizedTest
    @Clause({"R11", "relay-status-1"})
    @CsvSource({"''", "05", "050801", "ff", "ffffffffffffffffffff"})
    void answersARequestThatEndsTooEarlyWithMalformed(String hex) throws Exception {
        var stream = hop(alice);
        stream.deadline(Duration.ofSeconds(60));
        stream.write(HexFormat.of().parseHex(hex));
        stream.closeWrite();

        var answer = UnknownFieldSet.parseFrom(stream.readMessage(4096));

        assertThat(status(answer)).isEqualTo(400);
        assertThat(stream.atEnd()).isTrue();
    }

    @Test
    @Clause({"R6", "relay-slots-1"})
    void losesNoSlotInAThousandReservationsThatWereDropped() throws Exception {
        relay(new RelayLimits(4, Duration.ofHours(1), 4, 0, 0, Allowance.UNLIMITED));
        for (int i = 0; i < 1_000; i++) {
            var passer = new TestNode("passer " + i % 3, loops);
            assertThat(status(ask(passer, RESERVE))).as("peer %d", i).isEqualTo(100);
            passer.close();
            Eventually.holds("the slot is free", () -> relay.relay().reservationCount() == 0);
        }
    }

    @Test
    void releasesTheBytesBehindACircuitThatWasRefused() throws Exception {
        for (int i = 0; i < 20; i++) {
            var source = hop(alice);
            source.writeMessage(connect(peer("stranger")));
            source.write(new byte[200_000]);
            assertThat(status(UnknownFieldSet.parseFrom(source.readMessage(4096)))).isEqualTo(204);
            source.reset();
        }

        assertThat(status(ask(alice, RESERVE))).isEqualTo(100);
    }

    @Test
    @Clause({"R15"})
    void carriesBothWaysAndEndsWithBothSides() throws Exception {
        var circuit = circuit();

        circuit.source().write("hello".getBytes());
        circuit.source().closeWrite();
        assertThat(circuit.target().read(5)).asString().isEqualTo("hello");
        assertThat(circuit.target().atEnd()).isTrue();
        circuit.target().write("world".getBytes());
        circuit.target().closeWrite();

        assertThat(circuit.source().read(5)).asString().isEqualTo("world");
        assertThat(circuit.source().atEnd()).isTrue();
        Eventually.holds("it is counted out", () -> relay.relay().circuitCount() == 0);
        assertThat(relay.relay().isReserved(bob.peerId())).isTrue();
    }

    @Test
    @Clause({"R15"})
    void carriesAResetEitherWay() throws Exception {
        var one = circuit();
        one.source().reset();
        assertThatThrownBy(() -> one.target().read(1)).isInstanceOf(IOException.class);

        var other = circuit();
        other.target().reset();

        assertThatThrownBy(() -> other.source().read(1)).isInstanceOf(IOException.class);
        Eventually.holds("both are counted out", () -> relay.relay().circuitCount() == 0);
    }

    @Test
    @Clause({"R16", "relay-limit-1"})
    void resetsACircuitThatHasUsedItsBytesAndNothingElse() throws Exception {
        relay(
                new RelayLimits(
                        0, Duration.ofHours(1), 0, 0, 0, new Allowance(1_000, Duration.ZERO)));
        var circuit = circuit();

        circuit.source().write(new byte[1_001]);

        assertThatThrownBy(() -> circuit.source().read(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> circuit.target().read(1_001)).isInstanceOf(IOException.class);
        assertThat(relay.relay().isReserved(bob.peerId())).isTrue();
        var next = circuit();
        next.source().write(new byte[1_000]);
        assertThat(next.target().read(1_000)).hasSize(1_000);
    }

    @Test
    void asksADestinationNoMoreThanEightTimesAtOnceAndServesTheOthersLater() throws Exception {
        var underWay = new AtomicInteger();
        var most = new AtomicInteger();
        var answers = new Semaphore(0);
        var busy = node("busy");
        serveStop(
                busy,
                stream -> {
                    stream.readMessage(4096);
                    most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                    answers.acquire();
                    underWay.decrementAndGet();
                    stream.writeMessage(STOP_OK);
                    over.await();
                });
        ask(busy, RESERVE);
        var statuses = new ArrayList<CompletableFuture<Long>>();
        for (int i = 0; i < 20; i++) {
            var source = node("source " + i);
            var status = new CompletableFuture<Long>();
            statuses.add(status);
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            status.complete(status(ask(source, connect(busy.peerId()))));
                        } catch (Exception e) {
                            status.completeExceptionally(e);
                        }
                    });
        }
        Eventually.holds("20 wait", () -> underWay.get() == 8);

        answers.release(20);

        for (var status : statuses.subList(0, 16)) {
            assertThat(status.get(60, TimeUnit.SECONDS)).isIn(100L, 201L);
        }
        assertThat(most).hasValue(8);
    }

    // --- the client

    private record Circuit(Stream source, Stream target) {}

    private Circuit circuit() throws Exception {
        ask(bob, RESERVE);
        var source = hop(alice);
        assertThat(status(ask(source, connect(bob.peerId())))).isEqualTo(100);
        return new Circuit(source, stops.poll(30, TimeUnit.SECONDS));
    }

    private Stream hop(TestNode client) throws IOException, InterruptedException {
        return client.dial(relay.peerId(), relay.listening()).open(HopService.HOP);
    }

    private UnknownFieldSet ask(TestNode client, byte[] request) throws Exception {
        return ask(hop(client), request);
    }

    private static UnknownFieldSet ask(Stream stream, byte[] request) throws Exception {
        stream.deadline(Duration.ofSeconds(60));
        stream.writeMessage(request);
        var answer = UnknownFieldSet.parseFrom(stream.readMessage(4096));
        assertThat(number(answer, 1)).as("the type STATUS").isEqualTo(2);
        return answer;
    }

    private static byte[] connect(PeerId destination) {
        return RelayCodec.toBytes(new HopMessage.Connect(destination));
    }

    private static long status(UnknownFieldSet answer) {
        return number(answer, 5);
    }

    private static long number(UnknownFieldSet message, int field) {
        return message.getField(field).getVarintList().getFirst();
    }

    private static byte[] bytes(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList().getFirst().toByteArray();
    }

    private static UnknownFieldSet message(UnknownFieldSet message, int field) throws IOException {
        return UnknownFieldSet.parseFrom(bytes(message, field));
    }

    private static RelayLimits limits(int reservations, int circuitsPerPeer) {
        return new RelayLimits(
                reservations, Duration.ofHours(1), 0, 0, circuitsPerPeer, Allowance.UNLIMITED);
    }
}
