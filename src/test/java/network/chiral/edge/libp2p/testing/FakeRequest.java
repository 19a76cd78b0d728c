// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.libp2p.testing;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import network.chiral.edge.libp2p.swarm.Allowance;
import network.chiral.edge.libp2p.swarm.Connection;
import network.chiral.edge.libp2p.swarm.Joined;
import network.chiral.edge.libp2p.swarm.Junction;
import network.chiral.edge.libp2p.swarm.Pace;
import network.chiral.edge.libp2p.swarm.Reply;
import network.chiral.edge.libp2p.swarm.Request;
import org.jspecify.annotations.Nullable;

/// A request that writes down how it is answered.
public final class FakeRequest implements Request {
    private final Connection connection;
    private final byte[] message;
    private byte @Nullable [] answer;
    private @Nullable Runnable late;
    private @Nullable FakeJunction junction;
    private boolean gone;

    public FakeRequest(Connection connection, byte[] message) {
        this.connection = connection;
        this.message = message;
    }

    /// The remote takes it back.
    public void reset() {
        gone = true;
    }

    /// The time of [#within] is over.
    public void timePasses() {
        if (late != null && !gone && answer == null) {
            late.run();
        }
    }

    public Optional<byte[]> answer() {
        return Optional.ofNullable(answer);
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public Optional<byte[]> message() {
        return Optional.of(message);
    }

    @Override
    public boolean isOpen() {
        return !gone && answer == null;
    }

    @Override
    public void answer(byte[] body) {
        if (answer != null) {
            throw new IllegalStateException("a request is answered once");
        }
        answer = body;
    }

    @Override
    public void within(Duration patience, Runnable then) {
        late = then;
    }

    @Override
    public Junction join(byte[] body, Reply reply, Allowance allowance, List<Pace> paces) {
        answer(body);
        junction = new FakeJunction();
        return junction;
    }

    /// True where it was joined.
    public boolean isJoined() {
        return junction != null;
    }

    /// True where it was joined, and that is over.
    public boolean isEnded() {
        return junction != null && junction.end.isDone();
    }

    private static final class FakeJunction implements Junction {
        private final CompletableFuture<Joined> end = new CompletableFuture<>();

        @Override
        public CompletionStage<Joined> end() {
            return end;
        }

        @Override
        public void reset() {
            end.complete(new Joined(Joined.End.STOPPED, 0, 0));
        }

        @Override
        public long bytesForward() {
            return 0;
        }

        @Override
        public long bytesBackward() {
            return 0;
        }
    }
}
