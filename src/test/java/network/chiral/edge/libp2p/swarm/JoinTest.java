// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import network.chiral.edge.conformance.Clause;
import network.chiral.edge.libp2p.negotiation.ProtocolId;
import network.chiral.edge.libp2p.swarm.ServedProtocol.Requests;
import network.chiral.edge.libp2p.testing.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class JoinTest {
    private static final ProtocolId JOIN = new ProtocolId("/test/join");
    private static final ProtocolId SINK = new ProtocolId("/test/sink");
    private static final byte[] READY = {'!'};
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final NioEventLoopGroup loops = new NioEventLoopGroup(3);
    private final BlockingQueue<Stream> targets = new LinkedBlockingQueue<>();
    private final BlockingQueue<CompletableFuture<Joined>> joins = new LinkedBlockingQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private Allowance allowance = Allowance.UNLIMITED;
    private List<Pace> pace = List.of();
    private TestNode alice;
    private TestNode relay;
    private TestNode bob;
    private Connection toRelay;

    @BeforeEach
    void connect() throws Exception {
        alice = new TestNode("alice", loops);
        relay = new TestNode("relay", loops);
        bob = new TestNode("bob", loops);
        bob.serve(
                SINK,
                stream -> {
                    stream.readMessage(16);
                    stream.writeMessage(READY);
                    targets.add(stream);
                    over.await();
                });
        relay.swarm()
                .serve(new ServedProtocol(JOIN, new Requests(this::join, 16), 1_000, PATIENCE));
        relay.dial(bob);
        toRelay = alice.dial(relay);
    }

    /// Joins whoever asks to Bob, with his answer.
    private void join(Request request) {
        var inquiry = new Inquiry(SINK, request.message().orElseThrow(), 16, PATIENCE);
        relay.swarm()
                .connection(bob.peerId())
                .orElseThrow()
                .inquire(inquiry, reply -> joins.add(join(request, reply.orElseThrow())));
    }

    private CompletableFuture<Joined> join(Request request, Reply reply) {
        return request.join(reply.message(), reply, allowance, pace).end().toCompletableFuture();
    }

    @AfterEach
    void disconnect() {
        over.countDown();
        alice.close();
        relay.close();
        bob.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /// A source at Alice, joined to a target at Bob.
    private record Circuit(Stream source, Stream target, CompletableFuture<Joined> joined) {
        Joined outcome() throws Exception {
            return joined.get(60, TimeUnit.SECONDS);
        }
    }

    private Circuit circuit() throws Exception {
        var source = toRelay.open(JOIN);
        source.writeMessage(READY);
        var target = targets.poll(60, TimeUnit.SECONDS);
        var joined = joins.poll(60, TimeUnit.SECONDS);
        assertThat(source.readMessage(16)).isEqualTo(READY);
        return new Circuit(source, target, joined);
    }

    @Test
    @Clause({"R14", "M1"})
    void carriesBytesThatFollowTheProposalAtOnce() throws Exception {
        var source = toRelay.open(JOIN);
        source.writeMessage(READY);
        source.write("early".getBytes());

        var target = targets.poll(60, TimeUnit.SECONDS);

        assertThat(target.read(5)).asString().isEqualTo("early");
    }

    @Test
    @Clause({"R15"})
    void carriesTheEndOfEachSideToTheOtherAndNotFurther() throws Exception {
        var circuit = circuit();

        circuit.source().write("hello".getBytes());
        circuit.source().closeWrite();
        assertThat(circuit.target().read(5)).asString().isEqualTo("hello");
        assertThat(circuit.target().atEnd()).isTrue();
        circuit.target().write("world!".getBytes());
        circuit.target().closeWrite();

        assertThat(circuit.source().read(6)).asString().isEqualTo("world!");
        assertThat(circuit.source().atEnd()).isTrue();
        assertThat(circuit.outcome()).isEqualTo(new Joined(Joined.End.CLOSED, 5, 6));
    }

    @Test
    void goesOnUntilTheTargetHasTakenAllThatWasLeftForIt() throws Exception {
        var circuit = circuit();
        int moreThanAWindow = 300 * 1024;
        var writing =
                CompletableFuture.runAsync(() -> {
                    try {
                        circuit.source().write(new byte[moreThanAWindow]);
                        circuit.source().closeWrite();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        circuit.target().closeWrite();
        assertThat(circuit.source().atEnd()).isTrue();
        writing.get(60, TimeUnit.SECONDS);

        assertThat(circuit.joined()).isNotDone();

        circuit.target().read(moreThanAWindow);
        assertThat(circuit.target().atEnd()).isTrue();
        assertThat(circuit.outcome()).isEqualTo(new Joined(Joined.End.CLOSED, moreThanAWindow, 0));
    }

    @Test
    @Clause({"R15"})
    void carriesTheResetOfTheSourceToTheTarget() throws Exception {
        var circuit = circuit();

        circuit.source().reset();

        assertThatThrownBy(() -> circuit.target().read(1)).isInstanceOf(IOException.class);
        assertThat(circuit.outcome().end()).isEqualTo(Joined.End.FIRST_RESET);
    }

    @Test
    @Clause({"R15"})
    void carriesTheResetOfTheTargetToTheSource() throws Exception {
        var circuit = circuit();

        circuit.target().reset();

        assertThatThrownBy(() -> circuit.source().read(1)).isInstanceOf(IOException.class);
        assertThat(circuit.outcome().end()).isEqualTo(Joined.End.SECOND_RESET);
    }

    @Test
    void resetsTheTargetWhenTheSourcesConnectionIsLost() throws Exception {
        var circuit = circuit();

        toRelay.close();

        assertThatThrownBy(() -> circuit.target().read(1)).isInstanceOf(IOException.class);
        assertThat(circuit.outcome().end()).isEqualTo(Joined.End.FIRST_RESET);
        assertThat(bob.swarm().connectionCount()).isEqualTo(1);
    }

    @Test
    @Clause({"R16"})
    void carriesExactlyAsManyBytesAsAreAllowed() throws Exception {
        allowance = new Allowance(100_000, Duration.ZERO);
        var circuit = circuit();

        circuit.source().write(new byte[100_000]);
        circuit.source().closeWrite();
        circuit.target().read(100_000);
        assertThat(circuit.target().atEnd()).isTrue();
        circuit.target().write(new byte[100_000]);
        circuit.target().closeWrite();
        circuit.source().read(100_000);

        assertThat(circuit.outcome()).isEqualTo(new Joined(Joined.End.CLOSED, 100_000, 100_000));
    }

    @Test
    @Clause({"R16", "relay-limit-1"})
    void resetsBothAtTheFirstByteBeyondAndKeepsTheConnections() throws Exception {
        allowance = new Allowance(100_000, Duration.ZERO);
        var circuit = circuit();

        circuit.source().write(new byte[100_001]);

        assertThat(circuit.outcome()).isEqualTo(new Joined(Joined.End.BYTES_SPENT, 100_000, 0));
        assertThatThrownBy(() -> circuit.source().read(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> circuit.target().read(100_001)).isInstanceOf(IOException.class);
        allowance = Allowance.UNLIMITED;
        var next = circuit();
        next.source().write(READY);
        assertThat(next.target().read(1)).isEqualTo(READY);
    }

    @Test
    @Clause({"R16", "relay-limit-1"})
    void resetsBothWhenTheTimeIsSpent() throws Exception {
        allowance = new Allowance(0, Duration.ofMillis(100));
        var circuit = circuit();

        assertThat(circuit.outcome().end()).isEqualTo(Joined.End.TIME_SPENT);
        assertThatThrownBy(() -> circuit.source().read(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> circuit.target().read(1)).isInstanceOf(IOException.class);
    }

    @Test
    @Clause({"R17"})
    void holdsNextToNothingForATargetThatDoesNotRead() throws Exception {
        var stalled = circuit();
        stalled.source().deadline(Duration.ofSeconds(2));
        int accepted = 0;
        try {
            while (accepted < 16 << 20) {
                stalled.source().write(new byte[16_384]);
                accepted += 16_384;
            }
        } catch (SocketTimeoutException expected) {
            // the source has to wait
        }

        // the target's window, what waits at the source itself, and a frame under way
        assertThat(accepted).isBetween(256 << 10, ((256 + 64 + 64) << 10) + Splice.AHEAD);
        assertThat(relay.swarm().usage().bufferedBytes()).isLessThanOrEqualTo(Splice.AHEAD);
        var other = circuit();
        other.source().write(new byte[100_000]);
        other.target().read(100_000);
        stalled.target().read(accepted);
    }

    @Test
    void carriesMegabytesBothWaysUnchanged() throws Exception {
        var circuit = circuit();
        var up = random(1);
        var down = random(2);

        var writers =
                new Thread[] {
                    Thread.ofVirtual().start(() -> send(circuit.source(), up)),
                    Thread.ofVirtual().start(() -> send(circuit.target(), down)),
                };
        var arrivedDown = new CompletableFuture<byte[]>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        arrivedDown.complete(circuit.source().read(down.length));
                    } catch (IOException e) {
                        arrivedDown.completeExceptionally(e);
                    }
                });
        var arrivedUp = circuit.target().read(up.length);

        assertThat(arrivedUp).isEqualTo(up);
        assertThat(arrivedDown.get(60, TimeUnit.SECONDS)).isEqualTo(down);
        for (var writer : writers) {
            writer.join();
        }
        assertThat(circuit.target().atEnd()).isTrue();
        assertThat(circuit.outcome())
                .isEqualTo(new Joined(Joined.End.CLOSED, up.length, down.length));
    }

    @Test
    void carriesCircuitAfterCircuit() throws Exception {
        for (int i = 0; i < 300; i++) {
            var circuit = circuit();
            circuit.source().write(READY);
            circuit.source().closeWrite();
            circuit.target().read(1);
            circuit.target().closeWrite();
            assertThat(circuit.source().atEnd()).isTrue();
            assertThat(circuit.outcome().end()).isEqualTo(Joined.End.CLOSED);
        }
    }

    @Test
    @Clause({"R16", "relay-limit-2"})
    void deliversEveryByteThatIsAllowedBeforeItResets() throws Exception {
        int allowed = 1_000_000; // more than the windows on the way hold
        allowance = new Allowance(allowed, Duration.ZERO);
        var circuit = circuit();
        var writing =
                Thread.ofVirtual().start(() -> sendUntilReset(circuit.source(), allowed + 50_000));

        var arrived = circuit.target().read(allowed);

        assertThat(arrived).hasSize(allowed);
        assertThatThrownBy(() -> circuit.target().read(1)).isInstanceOf(IOException.class);
        assertThat(circuit.outcome()).isEqualTo(new Joined(Joined.End.BYTES_SPENT, allowed, 0));
        writing.join();
    }

    @Test
    @Clause({"R16", "relay-limit-2"})
    void deliversThatManyEachWayForItself() throws Exception {
        allowance = new Allowance(10_000, Duration.ZERO);
        var circuit = circuit();
        circuit.target().write(new byte[10_000]);
        assertThat(circuit.source().read(10_000)).hasSize(10_000);

        circuit.source().write(new byte[10_001]);

        assertThat(circuit.target().read(10_000)).hasSize(10_000);
        assertThatThrownBy(() -> circuit.target().read(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> circuit.source().read(1)).isInstanceOf(IOException.class);
        assertThat(circuit.outcome()).isEqualTo(new Joined(Joined.End.BYTES_SPENT, 10_000, 10_000));
    }

    @Test
    @Clause("relay-pace-1")
    void slowsASourceByItsOwnWindow() throws Exception {
        pace = List.of(new Pace(1, System.nanoTime()));
        var circuit = circuit();
        var reading = new CompletableFuture<Integer>();
        Thread.ofVirtual().start(() -> reading.complete(readToTheEnd(circuit.target())));
        circuit.source().deadline(Duration.ofSeconds(2));
        int accepted = 0;
        try {
            while (accepted < 16 << 20) {
                circuit.source().write(new byte[16_384]);
                accepted += 16_384;
            }
        } catch (SocketTimeoutException expected) {
            // the source has to wait, although the target takes everything
        }

        // a window, what waits at the source itself, and a frame under way
        assertThat(accepted).isBetween(256 << 10, (256 + 64 + 64) << 10);
        circuit.source().reset();
        assertThat(reading.get(60, TimeUnit.SECONDS)).isLessThanOrEqualTo(accepted);
    }

    @Test
    @Clause("relay-pace-1")
    void carriesEverythingAtThePaceItIsTold() throws Exception {
        pace = List.of(new Pace(400_000, System.nanoTime()), new Pace(1 << 30, System.nanoTime()));
        var circuit = circuit();
        int length = 1_300_000;
        var writing = Thread.ofVirtual().start(() -> send(circuit.source(), new byte[length]));
        long began = System.nanoTime();

        circuit.target().read(length);

        // but for a second's worth and a window
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isGreaterThan(Duration.ofSeconds(1));
        writing.join();
        assertThat(circuit.target().atEnd()).isTrue();
    }

    private static void sendUntilReset(Stream stream, int length) {
        try {
            for (int at = 0; at < length; at += 50_000) {
                stream.write(new byte[50_000]);
            }
        } catch (IOException expected) {
            // more than is allowed
        }
    }

    private static int readToTheEnd(Stream stream) {
        int count = 0;
        try {
            while (!stream.atEnd()) {
                stream.read(1);
                count++;
            }
        } catch (IOException e) {
            // the source is gone
        }
        return count;
    }

    private static void send(Stream stream, byte[] bytes) {
        try {
            for (int at = 0; at < bytes.length; at += 50_000) {
                int end = Math.min(bytes.length, at + 50_000);
                stream.write(java.util.Arrays.copyOfRange(bytes, at, end));
            }
            stream.closeWrite();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static byte[] random(long seed) {
        var bytes = new byte[3 << 20];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
