// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api;

import io.quarkus.arc.All;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import network.chiral.edge.libp2p.swarm.Threads;
import network.chiral.edge.node.api.Problem.Kind;
import network.chiral.edge.node.api.RouteTable.Match;
import network.chiral.edge.node.api.access.AdminAccess;
import network.chiral.edge.node.api.access.AdminConfig;
import network.chiral.edge.node.api.access.Verdict;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Serves the admin API on the management port.
///
/// Who may not ask is told so on the event loop; everything else has a virtual thread, because the
/// event loops are the relay's.
@Singleton
public class ApiServer {
    private static final Logger LOG = Logger.getLogger(ApiServer.class);
    private static final String ROOT = "/api/v1";

    /// Calls at once: each may hold a list of all peers.
    private static final int MAX_CALLS = 16;

    private final AdminAccess access;
    private final AdminConfig config;
    private final RouteTable routes;
    private final Aliases aliases;
    private final Semaphore calls = new Semaphore(MAX_CALLS);

    ApiServer(
            AdminAccess access,
            AdminConfig config,
            Aliases aliases,
            @All List<Resource> resources) {
        this.access = access;
        this.config = config;
        this.aliases = aliases;
        this.routes =
                new RouteTable(
                        resources.stream()
                                .flatMap(resource -> resource.routes().stream())
                                .toList());
    }

    void mount(@Observes ManagementInterface management) {
        var router = management.router();
        aliases.mount(router);
        if (config.enabled()) {
            router.route(ROOT).handler(this::handle);
            router.route(ROOT + "/*").handler(this::handle).failureHandler(ApiServer::failed);
        }
    }

    private void handle(RoutingContext context) {
        var request = context.request();
        var verdict = access.judge(Requests.toAdmin(request));
        if (verdict != Verdict.ADMITTED) {
            send(request, Refusals.of(verdict).answer(path(request)));
            return;
        }
        var path = context.normalizedPath().substring(ROOT.length());
        switch (routes.find(request.method().name(), path)) {
            case Match.Nowhere() ->
                    send(
                            request,
                            Problem.of(Kind.NOT_FOUND, "There is no such path.")
                                    .answer(path(request)));
            case Match.OtherMethods(var allowed) ->
                    send(
                            request,
                            Problem.of(Kind.METHOD_NOT_ALLOWED, "It takes " + allowed + ".")
                                    .with("Allow", String.join(", ", allowed))
                                    .answer(path(request)));
            case Match.Found(var route, var places) -> take(context, route, places);
        }
    }

    private void take(RoutingContext context, Route route, Map<String, String> places) {
        var request = context.request();
        switch (route) {
            case Route.Live live -> begin(request, live, places);
            case Route.Plain plain when plain.maxBody() == 0 ->
                    answer(request, plain, call(request, places, Buffer.buffer()));
            case Route.Plain plain -> {
                var body = Optional.ofNullable(context.body().buffer()).orElse(Buffer.buffer());
                if (!Requests.isJson(request)) {
                    var problem =
                            Problem.of(Kind.UNSUPPORTED_MEDIA_TYPE, "It takes application/json.");
                    send(request, problem.answer(path(request)));
                } else if (body.length() > plain.maxBody()) {
                    send(request, tooLarge(plain.maxBody()).answer(path(request)));
                } else {
                    answer(request, plain, call(request, places, body));
                }
            }
        }
    }

    /// Quarkus reads bodies before anybody is asked who he is, and gives up where they are too long.
    private static void failed(RoutingContext context) {
        if (context.statusCode() == Kind.CONTENT_TOO_LARGE.status()) {
            var request = context.request();
            send(request, tooLarge(Route.LARGE).answer(path(request)));
        } else {
            context.next();
        }
    }

    private static Problem tooLarge(int max) {
        return Problem.of(Kind.CONTENT_TOO_LARGE, "It takes at most " + max + " bytes.")
                .with("Connection", "close");
    }

    private static Call call(HttpServerRequest request, Map<String, String> places, Buffer body) {
        var query = new HashMap<String, String>();
        request.params()
                .forEach(parameter -> query.putIfAbsent(parameter.getKey(), parameter.getValue()));
        return new Call(places, query, body.getBytes());
    }

    private void begin(HttpServerRequest request, Route.Live route, Map<String, String> places) {
        try {
            Headers.common(request.response());
            route.stream().begin(call(request, places, Buffer.buffer()), request.response());
        } catch (Problem.Found e) {
            send(request, e.problem().answer(path(request)));
        }
    }

    private void answer(HttpServerRequest request, Route.Plain route, Call call) {
        if (!calls.tryAcquire()) {
            send(
                    request,
                    Problem.of(Kind.UNAVAILABLE, "Too many calls are under way.")
                            .with("Retry-After", "1")
                            .answer(path(request)));
            return;
        }
        var loop = Vertx.currentContext();
        var path = path(request);
        Threads.VIRTUAL.start(
                "admin-api",
                () -> {
                    var answer = answer(route, call, path);
                    calls.release();
                    on(loop, () -> send(request, answer));
                });
    }

    private static void on(@Nullable Context loop, Runnable task) {
        if (loop == null) {
            task.run();
        } else {
            loop.runOnContext(_ -> task.run());
        }
    }

    private static Answer answer(Route.Plain route, Call call, String path) {
        try {
            return route.handler().answer(call);
        } catch (Problem.Found e) {
            return e.problem().answer(path);
        } catch (RuntimeException e) {
            LOG.errorf(e, "The admin API failed: method=%s path=%s", route.method(), path);
            return Problem.of(Kind.INTERNAL, "The log says why.").answer(path);
        }
    }

    private static String path(HttpServerRequest request) {
        return Objects.requireNonNullElse(request.path(), ""); // CONNECT host:port has none
    }

    private static void send(HttpServerRequest request, Answer answer) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return; // who asked has left
        }
        Headers.common(response);
        answer.headers().forEach(response::putHeader);
        response.setStatusCode(answer.status());
        if (!answer.type().isEmpty()) {
            response.putHeader("Content-Type", answer.type());
        }
        if (request.method().name().equals("HEAD")) {
            response.putHeader("Content-Length", Integer.toString(answer.body().length())).end();
        } else {
            response.end(answer.body());
        }
    }
}
