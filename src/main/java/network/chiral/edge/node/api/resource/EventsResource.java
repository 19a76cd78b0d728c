// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.resource;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import network.chiral.edge.node.api.Call;
import network.chiral.edge.node.api.Problem;
import network.chiral.edge.node.api.Problem.Kind;
import network.chiral.edge.node.api.Resource;
import network.chiral.edge.node.api.Route;
import network.chiral.edge.node.api.events.Listener;
import network.chiral.edge.node.api.events.LiveEvents;

/// What happens, as server-sent events.
@Singleton
class EventsResource implements Resource {
    /// What may wait for a listener: some seconds of a busy relay's events.
    private static final int MAX_UNSENT = 256 << 10;

    private final LiveEvents events;

    EventsResource(LiveEvents events) {
        this.events = events;
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route.Live("/events", this::listen));
    }

    private void listen(Call call, HttpServerResponse response) throws Problem.Found {
        var topics = topics(call);
        var listener = new ResponseListener(response);
        response.exceptionHandler(_ -> events.leave(listener));
        response.closeHandler(_ -> events.leave(listener));
        // all of it before somebody may write
        response.setChunked(true)
                .setWriteQueueMaxSize(MAX_UNSENT)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("X-Accel-Buffering", "no");
        if (!events.join(listener, topics)) {
            response.setChunked(false);
            throw new Problem.Found(Kind.UNAVAILABLE, "Too many listen already.");
        }
        listener.take(Buffer.buffer(": listening\n\n"));
    }

    private static Set<String> topics(Call call) throws Problem.Found {
        var text = call.query("topics");
        if (text.isEmpty()) {
            return LiveEvents.topics();
        }
        var topics = new HashSet<>(List.of(text.get().split(",", -1)));
        if (!LiveEvents.topics().containsAll(topics)) {
            throw new Problem.Found(
                    Kind.BAD_REQUEST,
                    "topics has to be some of " + new TreeSet<>(LiveEvents.topics()));
        }
        return topics;
    }

    /// Writes to a response that goes on.
    private record ResponseListener(HttpServerResponse response) implements Listener {
        @Override
        public boolean take(Buffer text) {
            if (response.closed() || response.ended() || response.writeQueueFull()) {
                return false;
            }
            try {
                response.write(text);
                return true;
            } catch (IllegalStateException e) {
                return false; // it was closed this moment
            }
        }

        @Override
        public void end() {
            if (!response.closed() && !response.ended()) {
                response.reset();
            }
        }
    }
}
