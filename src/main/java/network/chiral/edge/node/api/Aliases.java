// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import network.chiral.edge.libp2p.host.Host;
import network.chiral.edge.node.health.Probes;

/// The health paths that Chiral's own tools ask, with its answers; nobody needs to show anything.
@Singleton
class Aliases {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final Probes probes;
    private final Host host;

    Aliases(Probes probes, Host host) {
        this.probes = probes;
        this.host = host;
    }

    void mount(Router router) {
        router.get("/health").handler(this::health);
        router.get("/api/health").handler(this::apiHealth);
        router.get("/api/ready").handler(this::apiReady);
    }

    /// As relay_server: the two letters, which its health checks look for.
    private void health(RoutingContext context) {
        boolean alive = probes.isAlive();
        send(context, alive, "text/plain; charset=utf-8", alive ? "OK" : "DOWN");
    }

    /// As the daemon.
    private void apiHealth(RoutingContext context) {
        boolean alive = probes.isAlive();
        send(
                context,
                alive,
                Answer.JSON,
                new JsonObject().put("status", alive ? "ok" : "down").encode());
    }

    /// As the daemon, which waits for its DHT and its blockchain client; there is none of the latter here,
    /// so that is never what a caller has to wait for.
    private void apiReady(RoutingContext context) {
        boolean ready = probes.isReady();
        var json =
                new JsonObject()
                        .put("ready", ready)
                        .put("dht", ready && !host.dhts().isEmpty())
                        .put("geth", false);
        send(context, ready, Answer.JSON, json.encode());
    }

    private static void send(RoutingContext context, boolean good, String type, String body) {
        Headers.common(context.response());
        context.response()
                .setStatusCode(good ? OK : UNAVAILABLE)
                .putHeader("Content-Type", type)
                .end(body);
    }
}
