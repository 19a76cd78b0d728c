// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.protocol.dcutr;

import static network.chiral.edge.libp2p.testing.TestKeys.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.identity.PeerId;
import network.chiral.edge.libp2p.multiformats.Multiaddr;
import network.chiral.edge.libp2p.swarm.AddressScope;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.DirectRole;
import network.chiral.edge.libp2p.swarm.ProtocolViolation;
import network.chiral.edge.libp2p.swarm.Threads;
import network.chiral.edge.libp2p.testing.FakeConversation;
import network.chiral.edge.libp2p.wire.ProtoWriter;
import org.junit.jupiter.api.Test;

/// Both sides of the exchange against a peer that says what the test says, without a network.
class DcutrServiceTest {
    private static final PeerId BOB = peer("bob");
    private static final Multiaddr HERE = Multiaddr.parse("/ip4/8.8.8.8/tcp/4001");
    private static final Multiaddr THERE = Multiaddr.parse("/ip4/9.9.9.9/tcp/4001");
    private static final byte[] SYNC = DcutrCodec.toBytes(new DcutrMessage.Sync());

    /// Runs at once what is started, and waits for nothing.
    private static final Threads AT_ONCE =
            new Threads() {
                @Override
                public Thread start(String name, Runnable task) {
                    task.run();
                    return Thread.currentThread();
                }

                @Override
                public void sleep(Duration pause) {}

                @Override
                public boolean acquire(Semaphore permits, Duration patience) {
                    return permits.tryAcquire();
                }
            };

    private final List<List<Multiaddr>> dials = new ArrayList<>();
    private final List<DirectRole> roles = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final List<Connection> open = new ArrayList<>();
    private List<Multiaddr> own = List.of(HERE);
    private int dialsThatFail = Integer.MAX_VALUE;

    private final DcutrService service =
            new DcutrService(
                    AddressScope.PUBLIC,
                    () -> own,
                    new DcutrService.Network() {
                        @Override
                        public List<Connection> connections(PeerId peer) {
                            return List.copyOf(open);
                        }

                        @Override
                        public Connection dial(
                                PeerId peer,
                                List<Multiaddr> addresses,
                                DirectRole role,
                                Duration patience)
                                throws IOException {
                            dials.add(addresses);
                            roles.add(role);
                            if (dials.size() <= dialsThatFail) {
                                throw new IOException("nobody there");
                            }
                            var direct = new FakeConversation(peer, new byte[0]);
                            open.add(direct);
                            return direct;
                        }
                    },
                    AT_ONCE,
                    Clock.systemUTC());

    {
        service.addListener(
                new DcutrListener() {
                    @Override
                    public void onFinished(
                            PeerId peer,
                            Side side,
                            int attempts,
                            Outcome outcome,
                            List<Multiaddr> theirs) {
                        told.add(side + " " + attempts + " " + outcome);
                    }

                    @Override
                    public void onProtocolError(PeerId peer, String why) {
                        told.add("error");
                    }
                });
    }

    private static byte[] connect(Multiaddr... addresses) {
        return DcutrCodec.toBytes(new DcutrMessage.Connect(List.of(addresses)));
    }

    private static FakeConversation says(byte[] message) {
        return new FakeConversation(BOB, message);
    }

    /// A circuit that came in, on which the peer answers each stream with `message`.
    private static FakeConversation circuitIn(FakeConversation... streams) {
        return says(new byte[0]).relayed().opening(streams);
    }

    private static FakeConversation circuitOut(byte[] message) {
        return says(message).relayed().outbound();
    }

    private static List<byte[]> messages(FakeConversation stream) {
        return stream.answers();
    }

    // --- who took the circuit in

    @Test
    @Clause("dcutr-10")
    void triesThreeTimesInAllWithConnectAndSyncEachTime() {
        var streams =
                IntStream.range(0, 5)
                        .mapToObj(_ -> says(connect(THERE)))
                        .toArray(FakeConversation[]::new);
        var circuit = circuitIn(streams);

        service.onIdentified(circuit, List.of());

        assertThat(circuit.opened()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            assertThat(messages(streams[i])).containsExactly(connect(HERE), SYNC);
        }
        assertThat(dials).containsExactly(List.of(THERE), List.of(THERE), List.of(THERE));
        assertThat(roles).containsExactly(DirectRole.SERVER, DirectRole.SERVER, DirectRole.CLIENT);
        assertThat(told).containsExactly("INITIATOR 3 FAILED");
    }

    @Test
    @Clause("dcutr-8")
    void triesNoMoreOnceThereIsAConnection() {
        dialsThatFail = 1;
        var circuit = circuitIn(says(connect(THERE)), says(connect(THERE)), says(connect(THERE)));
        open.add(circuit);

        service.onIdentified(circuit, List.of());

        assertThat(circuit.opened()).isEqualTo(2);
        assertThat(dials).hasSize(2);
        assertThat(told).containsExactly("INITIATOR 2 SUCCESS");
        assertThat(circuit.isOpen()).as("the circuit").isFalse();
    }

    @Test
    @Clause("dcutr-8")
    void triesNothingWhereThereIsAConnectionAlready() {
        open.add(says(new byte[0]));
        var circuit = circuitIn(says(connect(THERE)));

        service.onIdentified(circuit, List.of(THERE));

        assertThat(circuit.opened()).isZero();
        assertThat(dials).isEmpty();
    }

    @Test
    void triesOnceForEachCircuit() {
        var circuit = circuitIn(says(connect(THERE)), says(connect(THERE)), says(connect(THERE)));

        service.onIdentified(circuit, List.of());
        service.onIdentified(circuit, List.of());

        assertThat(circuit.opened()).isEqualTo(3);
    }

    @Test
    @Clause("dcutr-15")
    void dialsAloneNothingThatIsOutOfScopeAndNoName() {
        dialsThatFail = 0;
        var addresses = new ArrayList<>(unwelcome());
        addresses.add(THERE);

        service.onIdentified(circuitIn(), addresses);

        assertThat(dials).containsExactly(List.of(THERE));
    }

    @Test
    @Clause("dcutr-15")
    void asksAPeerWithUnwelcomeAddressesOnlyAndDialsNone() {
        var circuit = circuitIn(says(connect(unwelcome().toArray(Multiaddr[]::new))));

        service.onIdentified(circuit, unwelcome());

        assertThat(dials).isEmpty();
        assertThat(told).containsExactly("INITIATOR 1 NO_SUITABLE_ADDRESS");
    }

    private static List<Multiaddr> unwelcome() {
        return List.of(
                Multiaddr.parse("/ip4/127.0.0.1/tcp/22"),
                Multiaddr.parse("/ip4/192.168.0.1/tcp/80"),
                Multiaddr.parse("/ip4/169.254.169.254/tcp/80"),
                Multiaddr.parse("/ip6/fd00::1/tcp/80"),
                Multiaddr.parse("/dns4/intranet.example/tcp/80"),
                Multiaddr.parse("/ip4/9.9.9.9/udp/4001"));
    }

    @Test
    void tellsWhereItIsReachedAndNoMoreThanEight() throws Exception {
        own =
                IntStream.range(0, 20)
                        .mapToObj(i -> Multiaddr.parse("/ip4/8.8.8." + i + "/tcp/4001"))
                        .collect(java.util.stream.Collectors.toCollection(ArrayList::new));
        own.addFirst(Multiaddr.parse("/ip4/10.0.0.1/tcp/4001"));
        var stream = says(connect());

        service.onIdentified(circuitIn(stream), List.of());

        var first = (DcutrMessage.Connect) DcutrCodec.parse(messages(stream).getFirst());
        assertThat(first.addresses()).isEqualTo(own.subList(1, 9));
    }

    // --- who asked for the circuit

    @Test
    @Clause("dcutr-15")
    void dialsAfterSyncWhatIsWelcome() throws Exception {
        dialsThatFail = 0;
        var addresses = new ArrayList<>(unwelcome());
        addresses.add(THERE);
        var stream = circuitOut(connect(addresses.toArray(Multiaddr[]::new))).then(SYNC);

        service.onStream(stream);

        assertThat(messages(stream)).containsExactly(connect(HERE));
        assertThat(dials).containsExactly(List.of(THERE));
        assertThat(roles).containsExactly(DirectRole.CLIENT);
        assertThat(told).containsExactly("RECEIVER 1 SUCCESS");
    }

    @Test
    @Clause("dcutr-14")
    void takesTheExchangeOnlyOnACircuitThatItAskedFor() {
        var circuitIn = says(connect(THERE)).then(SYNC).relayed();
        var direct = says(connect(THERE)).then(SYNC).outbound();

        for (var stream : List.of(circuitIn, direct)) {
            assertThatThrownBy(() -> service.onStream(stream))
                    .isInstanceOf(ProtocolViolation.class);
            assertThat(stream.answers()).isEmpty();
        }

        assertThat(dials).isEmpty();
    }

    @Test
    void beginsNoExchangeOnACircuitThatItAskedFor() {
        var circuit = circuitOut(new byte[0]).opening(says(connect(THERE)));

        service.onIdentified(circuit, List.of(THERE));
        service.onIdentified(says(new byte[0]), List.of(THERE));

        assertThat(circuit.opened()).isZero();
        assertThat(dials).isEmpty();
    }

    @Test
    void dialsNothingWithoutASync() throws Exception {
        var stream = circuitOut(connect(THERE)).then(connect(THERE));

        service.onStream(stream);

        assertThat(dials).isEmpty();
        assertThat(told).containsExactly("error");
        assertThat(stream.isOpen()).isFalse();
    }

    // --- both

    @Test
    @Clause("dcutr-11")
    void refusesAMessageOfMoreThanFourKibibytes() throws Exception {
        var longest = padded(4_096);
        var tooLong = padded(4_097);

        service.onStream(circuitOut(longest).then(SYNC));
        assertThat(told).containsExactly("RECEIVER 1 FAILED");
        service.onStream(circuitOut(tooLong).then(SYNC));
        service.onIdentified(circuitIn(says(tooLong)), List.of());

        assertThat(told).containsExactly("RECEIVER 1 FAILED", "error", "error");
        assertThat(dials).as("of the first").hasSize(1);
    }

    /// A CONNECT of exactly `length` bytes, good but for that.
    private static byte[] padded(int length) {
        var good = new ProtoWriter().number(1, 100).bytes(2, THERE.bytes());
        int rest = length - good.toBytes().length - 3; // a tag and a length of two bytes
        var bytes = good.bytes(15, new byte[rest]).toBytes();
        assertThat(bytes).hasSize(length);
        return bytes;
    }
}
