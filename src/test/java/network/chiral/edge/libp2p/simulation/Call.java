// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import network.chiral.edge.libp2p.protocol.relay.HopService;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.swarm.Stream;
import network.chiral.edge.libp2p.swarm.UnsupportedProtocol;

/// One circuit, as its ends see it: what they say to each other, and what must be true whatever happens.
final class Call {
    /// For an answer to a request; a bit longer than the relay takes for any.
    static final Duration PATIENCE = HopService.PATIENCE.plusSeconds(5);

    /// What the two may be late by: a tick of the relay, and the way.
    private static final Duration SLACK = Duration.ofSeconds(3);

    private static final byte[] CHUNK = new byte[8 * 1024];

    /// What the source has in mind; its number is the first byte it sends.
    enum Intent {
        /// Each says something within the allowance, and both end.
        TALK,
        /// The source sends more than it may.
        PUSH,
        /// The destination is asked to send more than it may, and the source reads slowly.
        PULL,
        /// Nobody says anything.
        KEEP_SILENT
    }

    private final Person person;
    private final SimulatedNode here;
    private final Simulator simulator;
    private final Allowance allowance;

    Call(Person person, SimulatedNode here) {
        this.person = person;
        this.here = here;
        this.simulator = here.simulator();
        this.allowance = person.town().limits().allowance();
    }

    // --- the source

    void make(Person other) throws IOException, InterruptedException {
        var relay = person.town().relay(other.relay());
        var connection = (MemoryConnection) person.dial(here, other.relay());
        var stream = (MemoryStream) connection.open(HopService.HOP);
        stream.deadline(PATIENCE);
        RelayWords.askForACircuit(stream, other.peerId());
        RelayWords.Answer answer;
        try {
            answer = RelayWords.readAnswer(stream);
        } catch (UnsupportedProtocol e) {
            simulator.check(relay.isDraining(), "a relay that knows no HOP");
            throw e;
        } catch (IOException e) {
            simulator.check(
                    !isWell(connection) || Thread.currentThread().isInterrupted(),
                    "a CONNECT was not answered: " + e);
            throw e;
        }
        simulator.check(answer.status() != 0, "an answer without a status");
        if (answer.status() == RelayWords.OK) {
            converse(stream);
        }
    }

    private static boolean isWell(MemoryConnection connection) {
        var link = connection.link();
        return connection.isOpen() && !link.isBroken() && link.otherEnd(connection).isOpen();
    }

    private void converse(MemoryStream stream) throws IOException, InterruptedException {
        var intents = Intent.values();
        var intent = intents[simulator.random().nextInt(intents.length)];
        long began = simulator.now();
        stream.deadline(allowance.duration().plus(PATIENCE));
        try {
            stream.write(new byte[] {(byte) intent.ordinal()});
            switch (intent) {
                case TALK -> {
                    send(stream, simulator.random().nextLong(allowance.bytesEachWay() / 2));
                    stream.closeWrite();
                    count(stream, Duration.ZERO);
                }
                case PUSH -> {
                    send(stream, 2 * allowance.bytesEachWay());
                    count(stream, Duration.ZERO);
                    simulator.fail(new AssertionError("a circuit took more than its allowance"));
                }
                case PULL -> count(stream, Duration.ofMillis(500));
                case KEEP_SILENT -> count(stream, Duration.ZERO);
            }
        } catch (SocketTimeoutException e) {
            simulator.check(
                    !isWell((MemoryConnection) stream.connection()), "a circuit goes on for ever");
            throw e;
        } finally {
            var lasted = Duration.ofNanos(simulator.now() - began);
            simulator.check(
                    lasted.compareTo(allowance.duration().plus(SLACK)) <= 0
                            || !isWell((MemoryConnection) stream.connection()),
                    "a circuit lasted " + lasted);
            stream.reset();
        }
    }

    private static void send(MemoryStream stream, long bytes) throws IOException {
        for (long left = bytes; left > 0; left -= CHUNK.length) {
            int length = (int) Math.min(left, CHUNK.length);
            stream.write(new MemoryStream.Slice(CHUNK, 0, length));
        }
    }

    /// Reads to the end, and looks that it is not more than the allowance.
    private void count(MemoryStream stream, Duration pause)
            throws IOException, InterruptedException {
        long bytes = 0;
        int some;
        while ((some = stream.readSome()) > 0) {
            bytes += some;
            simulator.check(
                    bytes <= allowance.bytesEachWay(), "a circuit carried " + bytes + " bytes");
            if (!pause.isZero()) {
                here.threads().sleep(pause);
            }
        }
    }

    // --- the destination

    /// Answers a STOP request, or fails to.
    void take(Stream stop) throws IOException, InterruptedException {
        RelayWords.readStop(stop);
        if (!simulator.chance(person.manners().reliability())) {
            misbehave(stop);
            return;
        }
        RelayWords.answerStop(stop, RelayWords.OK);
        stop.deadline(allowance.duration().plus(PATIENCE));
        answer((MemoryStream) stop);
    }

    private void misbehave(Stream stop) throws IOException, InterruptedException {
        switch (simulator.random().nextInt(4)) {
            case 0 -> RelayWords.answerStop(stop, 202);
            case 1 -> stop.reset();
            case 2 -> stop.writeMessage(new byte[] {1, 2, 3});
            default -> stop.atEnd(); // says nothing until the relay gives up
        }
    }

    private void answer(MemoryStream stream) throws IOException, InterruptedException {
        int first;
        try {
            first = stream.read(1)[0];
        } catch (EOFException e) {
            return; // the source has left before it said anything
        }
        switch (Intent.values()[first]) {
            case TALK -> {
                count(stream, Duration.ZERO);
                send(stream, simulator.random().nextLong(allowance.bytesEachWay()));
                stream.closeWrite();
            }
            case PUSH -> count(stream, Duration.ofMillis(simulator.random().nextInt(100)));
            case PULL -> send(stream, 2 * allowance.bytesEachWay());
            case KEEP_SILENT -> count(stream, Duration.ZERO);
        }
    }
}
