// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import network.chiral.edge.node.api.access.AdminRequest;

/// What the gate wants to know of a request.
final class Requests {
    private static final String NOWHERE = "0.0.0.0";
    private static final String BEARER = "bearer ";
    private static final List<String> FORWARDED =
            List.of("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via");

    private Requests() {}

    static AdminRequest toAdmin(HttpServerRequest request) {
        var headers = request.headers();
        return new AdminRequest(
                request.method().name(),
                remote(request),
                FORWARDED.stream().anyMatch(headers::contains),
                new AdminRequest.Headers(
                        Optional.ofNullable(request.authority()).map(Object::toString),
                        Optional.ofNullable(headers.get("Origin")),
                        Optional.ofNullable(headers.get("Sec-Fetch-Site")),
                        contentType(request),
                        headers.contains("X-Chiral-Admin"),
                        token(request)),
                hasVerifiedCertificate(request));
    }

    /// An address that is nowhere's, where the connection has none: that of a Unix socket, or one that is
    /// gone already.
    private static InetAddress remote(HttpServerRequest request) {
        var address = request.connection().remoteAddress(true);
        var text = address == null ? null : address.hostAddress();
        try {
            // a zone is this machine's business
            return InetAddress.ofLiteral(text == null ? NOWHERE : text.split("%", 2)[0]);
        } catch (IllegalArgumentException e) {
            return InetAddress.ofLiteral(NOWHERE);
        }
    }

    static boolean isJson(HttpServerRequest request) {
        return contentType(request).filter(Answer.JSON::equals).isPresent();
    }

    private static Optional<String> contentType(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader("Content-Type"))
                .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
    }

    private static Optional<String> token(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader("Authorization"))
                .filter(text -> text.toLowerCase(Locale.ROOT).startsWith(BEARER))
                .map(text -> text.substring(BEARER.length()).strip());
    }

    /// True where TLS asked for a certificate and verified it; the settings are checked for against what.
    private static boolean hasVerifiedCertificate(HttpServerRequest request) {
        if (!request.isSSL() || request.sslSession() == null) {
            return false;
        }
        try {
            return request.sslSession().getPeerCertificates().length > 0;
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }
}
