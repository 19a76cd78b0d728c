// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.page;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import network.chiral.edge.node.api.access.AdminConfig;

/// Serves the files of the page under `/network/`, to anybody who reaches the management port.
@Singleton
class PageServer {
    static final String ROOT = "/network/";
    private static final String FIRST = "index.html";

    /// Nothing but the page's own files and the node itself; nobody may frame it.
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";

    private final AdminConfig config;

    // read when they are first asked for; names that the page does not have are not remembered
    private final Map<String, PageFile> files = new ConcurrentHashMap<>();

    PageServer(AdminConfig config) {
        this.config = config;
    }

    void mount(@Observes ManagementInterface management) {
        if (!config.enabled()) {
            return;
        }
        var router = management.router();
        router.get("/").handler(context -> redirect(context.response(), ROOT.substring(1)));
        router.get("/network").handler(this::get);
        router.get(ROOT + "*").handler(this::get);
        router.head(ROOT + "*").handler(this::get);
    }

    private void get(RoutingContext context) {
        var path = context.normalizedPath();
        if (path.length() < ROOT.length()) {
            redirect(context.response(), ROOT);
            return;
        }
        var name = path.substring(ROOT.length());
        file(name.isEmpty() ? FIRST : name)
                .ifPresentOrElse(file -> send(context.request(), file), () -> context.next());
    }

    private Optional<PageFile> file(String name) {
        var known = files.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        var read = PageFile.read(name);
        read.ifPresent(file -> files.put(name, file));
        return read;
    }

    private static void redirect(HttpServerResponse response, String where) {
        response.setStatusCode(302).putHeader("Location", where).end();
    }

    private static void send(HttpServerRequest request, PageFile file) {
        var response = request.response();
        response.putHeader("ETag", file.tag())
                .putHeader("Cache-Control", "no-cache")
                .putHeader("Vary", "Accept-Encoding")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Content-Security-Policy", POLICY);
        if (file.tag().equals(request.getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader("Content-Type", file.type());
        boolean gzip = takesGzip(request.getHeader("Accept-Encoding"));
        if (gzip) {
            response.putHeader("Content-Encoding", "gzip");
        }
        var body = gzip ? file.gzip() : file.plain();
        if (request.method().name().equals("HEAD")) {
            response.putHeader("Content-Length", Integer.toString(body.length)).end();
        } else {
            response.end(Buffer.buffer(body));
        }
    }

    private static boolean takesGzip(@org.jspecify.annotations.Nullable String encodings) {
        return encodings != null && encodings.toLowerCase(Locale.ROOT).contains("gzip");
    }
}
