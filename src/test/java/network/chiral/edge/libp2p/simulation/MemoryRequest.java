// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.simulation;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Junction;
import network.chiral.edge.libp2p.swarm.Pace;
import network.chiral.edge.libp2p.swarm.ProtocolViolation;
import network.chiral.edge.libp2p.swarm.Reply;
import network.chiral.edge.libp2p.swarm.Request;
import network.chiral.edge.libp2p.swarm.ServedProtocol;
import org.jspecify.annotations.Nullable;

/// The first message of a stream in memory; under the same rules as the swarm's.
final class MemoryRequest implements Request {
    private final MemoryStream stream;
    private final Optional<byte[]> message;
    private final Runnable over;
    private final Simulator.Timer tooLate;
    private Simulator.@Nullable Timer late;
    private boolean done;

    /// What came in answer to an inquiry.
    record Answer(MemoryStream stream, byte[] message) implements Reply {}

    private MemoryRequest(
            MemoryStream stream, Optional<byte[]> message, Duration patience, Runnable over) {
        this.stream = stream;
        this.message = message;
        this.over = over;
        this.tooLate = simulator().after(patience, this::giveUp);
    }

    /// Reads the request of `stream` and has it answered.
    static void serve(
            MemoryStream stream,
            ServedProtocol.Requests service,
            Duration patience,
            Runnable over) {
        Optional<byte[]> message;
        try {
            message = Optional.of(stream.readMessage(service.maxLength()));
        } catch (EOFException | ProtocolViolation e) {
            message = Optional.empty();
        } catch (IOException e) {
            stream.reset();
            over.run();
            return;
        }
        var request = new MemoryRequest(stream, message, patience, over);
        stream.onFailure(request::end);
        service.handler().onRequest(request);
    }

    private Simulator simulator() {
        return ((MemoryConnection) stream.connection()).simulator();
    }

    private void giveUp() {
        if (!done) {
            stream.reset();
            end();
        }
    }

    private void end() {
        if (!done) {
            done = true;
            tooLate.cancel();
            if (late != null) {
                late.cancel();
            }
            over.run();
        }
    }

    @Override
    public Connection connection() {
        return stream.connection();
    }

    @Override
    public Optional<byte[]> message() {
        return message;
    }

    @Override
    public boolean isOpen() {
        return !done;
    }

    @Override
    public void answer(byte[] body) {
        if (!done) {
            stream.pass(body);
            stream.conversationOver();
            end();
        }
    }

    @Override
    public void within(Duration patience, Runnable then) {
        if (!done) {
            late = simulator().after(patience, then);
        }
    }

    @Override
    public Junction join(byte[] body, Reply reply, Allowance allowance, List<Pace> paces) {
        if (!paces.isEmpty()) {
            throw new UnsupportedOperationException("the simulated world has no paces");
        }
        stream.pass(body);
        var junction = stream.join(((Answer) reply).stream(), allowance);
        end();
        return junction;
    }
}
