// SPDX-License-Identifier: Apache-2.0
package network.chiral.edge.node.api;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Why a request got no other answer, as RFC 9457 spells it.
///
/// @param kind which one; its name is part of the `type`, which stays the same
/// @param detail what it was this time
/// @param headers beside those that every answer has
public record Problem(Kind kind, String detail, Map<String, String> headers) {
    static final String TYPE = "application/problem+json";

    /// The kinds there are.
    public enum Kind {
        BAD_REQUEST(400, "The request makes no sense"),
        UNAUTHORIZED(401, "A token is needed"),
        FORBIDDEN(403, "A page of another origin may not ask"),
        NOT_FOUND(404, "There is no such thing"),
        METHOD_NOT_ALLOWED(405, "That cannot be done with it"),
        CONFLICT(409, "That cannot be done now"),
        CONTENT_TOO_LARGE(413, "The body is too long"),
        UNSUPPORTED_MEDIA_TYPE(415, "The body is of the wrong type"),
        MISDIRECTED(421, "The node has no such name"),
        UNPROCESSABLE(422, "The body makes no sense"),
        TOO_MANY_REQUESTS(429, "Too many wrong tokens"),
        INTERNAL(500, "The node failed"),
        UNAVAILABLE(503, "The node cannot do that at the moment");

        private final int status;
        private final String title;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
        }

        public int status() {
            return status;
        }

        /// Stable: what a program may compare.
        public String type() {
            return "urn:chiral-edge:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Problem {
        headers = Map.copyOf(headers);
    }

    public static Problem of(Kind kind, String detail) {
        return new Problem(kind, detail, Map.of());
    }

    /// With a header more.
    Problem with(String name, String value) {
        var more = new HashMap<>(headers);
        more.put(name, value);
        return new Problem(kind, detail, more);
    }

    /// The document.
    ///
    /// @param instance the path that was asked for
    Answer answer(String instance) {
        var json =
                new JsonObject()
                        .put("type", kind.type())
                        .put("title", kind.title)
                        .put("status", kind.status)
                        .put("detail", detail)
                        .put("instance", instance);
        return new Answer(kind.status, TYPE, json.toBuffer(), headers);
    }

    /// What a resource throws where it has to answer with a problem.
    public static final class Found extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Problem problem;

        public Found(Kind kind, String detail) {
            super(detail, null, false, false);
            this.problem = of(kind, detail);
        }

        Problem problem() {
            return problem;
        }
    }
}
