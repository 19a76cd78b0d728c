// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api.resource;

import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.List;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.libp2p.swarm.Threads;
import network.chiral.edge.node.NodeDrain;
import network.chiral.edge.node.api.Answer;
import network.chiral.edge.node.api.Resource;
import network.chiral.edge.node.api.Route;

/// The drain: what SIGTERM does, without the end of the process.
@Singleton
class DrainResource implements Resource {
    private final NodeDrain drain;
    private final Host host;

    DrainResource(NodeDrain drain, Host host) {
        this.drain = drain;
        this.host = host;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/drain", _ -> Answer.ok(json())), Route.post("/drain", _ -> begin()));
    }

    /// In the background: whoever asks shall not wait until peers have been told.
    private Answer begin() {
        Threads.VIRTUAL.start("drain", drain::begin);
        return Answer.begun(json());
    }

    private JsonObject json() {
        var since = drain.since();
        int circuits = host.relay().circuitCount();
        return new JsonObject()
                .put("draining", since.isPresent())
                .put("since", since.map(Object::toString).orElse(null))
                .put("connections", host.connectionCount())
                .put("circuits", circuits)
                .put("drained", since.isPresent() && circuits == 0)
                .put("graceSeconds", drain.grace().toSeconds());
    }
}
