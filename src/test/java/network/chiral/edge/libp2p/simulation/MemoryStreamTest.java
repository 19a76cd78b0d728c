// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import network.chiral.edge.libp2p.identity.Identity;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.swarm.Joined;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.swarm.StreamHandler;
import network.chiral.edge.libp2p.swarm.UnsupportedProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the simulated world promises to the services, as the swarm does.
@Timeout(60)
class MemoryStreamTest {
    private static final ProtocolId TALK = new ProtocolId("/talk");
    private static final ProtocolId JOIN = new ProtocolId("/join");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Simulator simulator = new Simulator(Seeds.seed());
    private final World world = new World(simulator, Duration.ZERO);
    private final SimulatedNode alice = node("alice", 1);
    private final SimulatedNode bob = node("bob", 2);
    private final SimulatedNode carol = node("carol", 3);
    private final List<Object> heard = new ArrayList<>();

    @Test
    void aMessageArrivesWholeAndTheEndAfterIt() {
        bob.serve(
                served(stream -> {
                    heard.add(new String(stream.readMessage(100)));
                    heard.add(stream.atEnd());
                }));

        with(
                alice,
                bob,
                stream -> {
                    stream.writeMessage("hello".getBytes());
                    stream.closeWrite();
                });

        assertThat(heard).containsExactly("hello", true);
        assertThat(simulator.alive()).isZero();
    }

    @Test
    void whoReadsBeyondTheEndIsTold() {
        bob.serve(served(Stream::closeWrite));

        with(alice, bob, stream -> heard.add(fault(() -> stream.read(1))));

        assertThat(heard).containsExactly(EOFException.class);
    }

    @Test
    void aDeadlinePassesInTheWorldsTime() {
        bob.serve(served(stream -> stream.atEnd()));

        with(
                alice,
                bob,
                stream -> {
                    long before = simulator.now();
                    stream.deadline(Duration.ofSeconds(7));
                    heard.add(fault(() -> stream.read(1)));
                    heard.add(Duration.ofNanos(simulator.now() - before));
                });

        assertThat(heard).containsExactly(SocketTimeoutException.class, Duration.ofSeconds(7));
    }

    @Test
    void anUnknownProtocolIsRefused() {
        with(alice, bob, stream -> heard.add(fault(() -> stream.read(1))));

        assertThat(heard).containsExactly(UnsupportedProtocol.class);
    }

    @Test
    void aLostConnectionEndsWhatIsReadAndWritten() {
        bob.serve(served(stream -> heard.add(fault(() -> stream.read(1)))));
        simulator.after(Duration.ofSeconds(10), bob::crash);

        with(alice, bob, stream -> heard.add(fault(() -> stream.read(1))));

        assertThat(heard).containsExactly(IOException.class, IOException.class);
        assertThat(alice.connections()).isEmpty();
        assertThat(world.linkCount()).isZero();
    }

    @Test
    void aWriterIsOnlyAWindowAheadOfItsReader() {
        bob.serve(
                served(stream -> {
                    simulator.sleep(Duration.ofSeconds(20));
                    heard.add(
                            "reads from "
                                    + Duration.ofNanos(simulator.now()).toSeconds()
                                    + " s on");
                    stream.read(2 * MemoryStream.WINDOW);
                }));

        with(
                alice,
                bob,
                stream -> {
                    stream.write(new byte[MemoryStream.WINDOW]);
                    heard.add("has sent a window");
                    stream.write(new byte[MemoryStream.WINDOW]);
                    heard.add("has sent another");
                });

        assertThat(heard).hasSize(3).startsWith("has sent a window").endsWith("has sent another");
    }

    @Test
    void aPairPassesExactlyItsAllowanceAndIsReset() {
        carol.serve(
                served(stream -> {
                    heard.add(stream.read(1_000).length);
                    heard.add(fault(() -> stream.read(1)));
                }));
        var joined = joinAtBob(new Allowance(1_000, Duration.ZERO));

        with(
                alice,
                bob,
                JOIN,
                stream -> {
                    stream.write(new byte[600]);
                    stream.write(new byte[600]);
                    heard.add(fault(() -> stream.read(1)));
                });

        assertThat(heard).containsExactlyInAnyOrder(1_000, IOException.class, IOException.class);
        assertThat(joined).containsExactly(new Joined(Joined.End.BYTES_SPENT, 1_000, 0));
    }

    @Test
    void aPairEndsWhenItsTimeIsOver() {
        carol.serve(served(stream -> stream.atEnd()));
        var joined = joinAtBob(new Allowance(0, Duration.ofSeconds(10)));

        with(
                alice,
                bob,
                JOIN,
                stream -> {
                    long before = simulator.now();
                    heard.add(fault(() -> stream.read(1)));
                    heard.add(Duration.ofNanos(simulator.now() - before).toSeconds() < 15);
                });

        assertThat(heard).containsExactly(IOException.class, true);
        assertThat(joined).containsExactly(new Joined(Joined.End.TIME_SPENT, 0, 0));
    }

    @Test
    void aPairEndsWhenBothHaveEnded() {
        carol.serve(
                served(stream -> {
                    heard.add(new String(stream.readMessage(100)));
                    stream.writeMessage("fine".getBytes());
                }));
        var joined = joinAtBob(Allowance.UNLIMITED);

        with(
                alice,
                bob,
                JOIN,
                stream -> {
                    stream.writeMessage("how are you".getBytes());
                    stream.closeWrite();
                    heard.add(new String(stream.readMessage(100)));
                });

        assertThat(heard).containsExactly("how are you", "fine");
        assertThat(joined).containsExactly(new Joined(Joined.End.CLOSED, 12, 5));
    }

    private List<Joined> joinAtBob(Allowance allowance) {
        var ends = new ArrayList<Joined>();
        bob.serve(
                new ServedProtocol(
                        JOIN,
                        stream -> {
                            var onward = bob.dial(carol.peerId(), carol.socket()).open(TALK);
                            ((MemoryStream) stream)
                                    .join((MemoryStream) onward, allowance)
                                    .end()
                                    .thenAccept(ends::add);
                        },
                        1,
                        PATIENCE));
        return ends;
    }

    private SimulatedNode node(String name, int number) {
        var identity = Identity.ofSecret(SimulatedCrypto.CRYPTO, name);
        var socket = new InetSocketAddress("10.0.0." + number, 4001);
        return new SimulatedNode(world, name, identity, socket, false);
    }

    private static ServedProtocol served(StreamHandler handler) {
        return new ServedProtocol(TALK, handler, 1, PATIENCE);
    }

    private void with(SimulatedNode from, SimulatedNode to, StreamHandler conversation) {
        with(from, to, TALK, conversation);
    }

    private void with(
            SimulatedNode from, SimulatedNode to, ProtocolId protocol, StreamHandler conversation) {
        from.threads()
                .start(
                        "conversation",
                        () -> {
                            try {
                                var connection = from.dial(to.peerId(), to.socket());
                                conversation.onStream(connection.open(protocol));
                            } catch (IOException | InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        simulator.run(Duration.ofMinutes(5));
    }

    private interface Reading {
        Object read() throws IOException;
    }

    private static Class<?> fault(Reading reading) {
        try {
            throw new IllegalStateException("it read " + reading.read());
        } catch (IOException e) {
            return e.getClass();
        }
    }
}
